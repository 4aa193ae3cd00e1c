#include "sluice/parts/policies.h"

#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/policies/policy_routes.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/config/source.h"
#include "platform/core/text.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"

namespace sluice::parts {
namespace {

using namespace governance;

constexpr std::size_t kPolicyFileLimit = 1024 * 1024;
constexpr std::chrono::hours kSeedCheck{1};  // after the first: somebody may have emptied the database
constexpr std::chrono::seconds kSeedTime{5};

// What begins like JSON is read as JSON: it has escapes that YAML does not know.
Result<application::ReadDocument> read_document(std::string_view text) {
  const bool is_json = trim(text).starts_with('{');
  SLUICE_TRY(const text::Node document, is_json ? text::parse_json(text) : text::parse_yaml(text));
  SLUICE_TRY(auto policies, infrastructure::read_policy_set(document));
  return application::ReadDocument{std::make_shared<const domain::PolicySet>(std::move(policies)),
                                   text::to_json(document)};
}

Result<domain::TopicBatch> read_batch(std::string_view json, const std::vector<domain::EnvironmentName>& known) {
  SLUICE_TRY(const text::Node document, text::parse_json(json));
  return interface::read_topic_batch(document, known);
}

Result<std::vector<domain::TopicName>> list_topics(const application::GovernedEnvironment& environment,
                                                   Deadline deadline) {
  return environment.cluster->list(deadline);
}

}  // namespace

Policies::Policies(Built, const Foundation& foundation, const application::Environments& environments,
                   audit::contract::AuditTrail& audit, notify::contract::NotificationQueue& queue, std::string seed,
                   std::shared_ptr<const domain::PolicySet> read_seed)
    : foundation_(foundation),
      logger_(foundation.logger.module("governance")),
      seed_(std::move(seed)),
      ledger_(foundation.database, audit, &queue),
      recent_plans_(foundation.database),
      records_(foundation.database),
      plans_(foundation.database, &queue),
      store_(std::move(read_seed), ledger_, read_document),
      manage_({.ledger = ledger_,
               .store = store_,
               .read = read_document,
               .environments = environments,
               .plans = plans_,
               .approvals = approvals(),
               .clock = foundation.clock}),
      preview_({.store = store_,
                .read = read_document,
                .read_batch = read_batch,
                .list_topics = list_topics,
                .environments = environments,
                .plans = recent_plans_,
                .records = records_,
                .clock = foundation.clock}) {}

Result<std::unique_ptr<Policies>> Policies::build(const Foundation& foundation,
                                                  const application::Environments& environments,
                                                  audit::contract::AuditTrail& audit,
                                                  notify::contract::NotificationQueue& queue) {
  const std::string& path = foundation.config.governance.policies_file;
  auto text = config::system_files().read(path, kPolicyFileLimit);
  if (!text) return in_file(path, std::move(text).error());
  auto read = read_document(*text);
  if (!read) return in_file(path, std::move(read).error());
  return std::make_unique<Policies>(Built{}, foundation, environments, audit, queue, std::move(*text),
                                    std::move(read->policies));
}

application::PolicyApprovals Policies::approvals() {
  return {.by_token = [this](std::string_view token, Deadline deadline) { return gate_->by_token(token, deadline); },
          .by_change = [this](const domain::ChangeId& change, Deadline deadline) { return gate_->by_change(change, deadline); }};
}

void Policies::add_routes(http::Router& router) {
  router.add(interface::policy_routes(
      {.policies = manage_, .preview = preview_, .read = read_document, .logger = logger_}));
}

void Policies::add_health_checks(tasks::Health& health) {
  health.add({.name = "policies", .need = tasks::Need::kRequired, .run = [this](Deadline deadline) -> Status {
                auto policies = store_.in_force(deadline);
                if (!policies && policies.error().code == "policy.none") {
                  SLUICE_CHECK(manage_.seed(seed_, deadline));
                  policies = store_.in_force(deadline);
                }
                return policies ? Status() : Status(policies.error());
              }});
}

Result<StepOutcome> Policies::seed() {
  SLUICE_CHECK(manage_.seed(seed_, Deadline::after(kSeedTime)));
  return StepOutcome{kSeedCheck};
}

// Once before the first request, as far as the database answers; then by a loop that doesn't give up.
void Policies::add_components(tasks::Lifecycle& lifecycle) {
  tasks::Component loop = loop_component("policies", seeding_, [this] {
    return std::make_unique<SupervisedLoop>(
        "policies", [this](const std::stop_token&) { return seed(); },
        [this](const Error& error, std::chrono::milliseconds wait) {
          logger_.warn("policies not looked at", {{"reason", error.describe()}, {"retry_ms", wait.count()}});
        },
        Backoff{std::chrono::seconds{1}, std::chrono::minutes{1}});
  });
  loop.start = [this, start = std::move(loop.start)](Deadline deadline) -> Status {
    const Status seeded = manage_.seed(seed_, deadline.no_later_than(kSeedTime));
    if (!seeded) logger_.warn("policies not looked at yet", {{"reason", seeded.error().describe()}});
    return start(deadline);
  };
  lifecycle.add(std::move(loop));
}

}  // namespace sluice::parts
