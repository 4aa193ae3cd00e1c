#include "sluice/parts/apply.h"

#include "governance/interface/apply/apply_routes.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/text/json.h"

namespace sluice::parts {
namespace {

using governance::application::ApplyChangeServices;

constexpr std::chrono::milliseconds kStopWithin{20'000};

// What was planned once is read with the environments of the policies that are in force now.
governance::application::BatchReader batch_reader(const governance::application::PolicyStore& policies) {
  return [&policies](const std::string& batch) -> Result<governance::domain::TopicBatch> {
    SLUICE_TRY(const text::Node document, text::parse_json(batch));
    return governance::interface::read_topic_batch(document, policies.current()->environments);
  };
}

}  // namespace

Apply::Apply(const Foundation& foundation, const Ports& ports)
    : foundation_(foundation),
      ports_(ports),
      logger_(foundation.logger.module("apply")),
      services_{ports.journal, foundation.clock, ports.policies, {}, governance::interface::apply_observer(foundation.metrics)},
      apply_(ApplyChangeServices{ports.environments, ports.planner, ports.policies, ports.journal, foundation.clock,
                                 foundation.ids, batch_reader(ports.policies)}),
      runner_(services_, {}),
      feed_(ports.journal, governance::interface::follow_check(ports.planner)) {}

void Apply::add_routes(http::Router& router) {
  router.add(governance::interface::apply_routes({.gate = ports_.gate,
                                                  .apply = apply_,
                                                  .runner = runner_,
                                                  .planner = ports_.planner,
                                                  .policies = ports_.policies,
                                                  .audit = ports_.trail,
                                                  .feed = feed_,
                                                  .metrics = foundation_.metrics,
                                                  .logger = logger_}));
}

void Apply::add_components(tasks::Lifecycle& lifecycle) {
  lifecycle.add(loop_component("apply events", following_, [this] {
    return std::make_unique<SupervisedLoop>(
        "apply-events",
        [this](const std::stop_token&) -> Result<StepOutcome> {
          feed_.run_once();
          return StepOutcome{};
        },
        [](const Error&, std::chrono::milliseconds) {});
  }));
  auto applies = component(
      "applies",
      [this](Deadline) -> Status {
        runner_.start();
        return {};
      },
      [this](Deadline) -> Status {
        runner_.stop();
        return {};
      });
  applies.stop_within = kStopWithin;
  lifecycle.add(std::move(applies));
}

std::unique_ptr<governance::infrastructure::SqlExecutionJournal> make_execution_journal(
    const Foundation& foundation, audit::contract::AuditTrail& trail, notify::contract::NotificationQueue& queue) {
  return std::make_unique<governance::infrastructure::SqlExecutionJournal>(
      governance::infrastructure::JournalServices{foundation.database, trail, queue, foundation.clock,
                                                  foundation.ids.next_uuid()});
}

}  // namespace sluice::parts
