#include "sluice/parts/governance.h"

#include "governance/interface/topic_routes.h"

namespace sluice::parts {
namespace {

constexpr std::chrono::hours kHousekeepingInterval{1};

}  // namespace

Governance::Governance(Built, const Foundation& foundation,
                       const governance::application::Environments& environments,
                       const governance::application::PolicyStore& policies,
                       notify::contract::NotificationQueue& queue)
    : foundation_(foundation),
      logger_(foundation.logger.module("governance")),
      environments_(environments),
      plans_(foundation.database, &queue),
      records_(foundation.database),
      policies_(policies),
      planner_(environments_, plans_, records_, policies_, foundation.clock) {}

Result<std::unique_ptr<Governance>> Governance::build(const Foundation& foundation,
                                                      const governance::application::Environments& environments,
                                                      const governance::application::PolicyStore& policies,
                                                      notify::contract::NotificationQueue& queue) {
  return std::make_unique<Governance>(Built{}, foundation, environments, policies, queue);
}

void Governance::add_routes(http::Router& router) {
  router.add(governance::interface::topic_routes({.planner = planner_,
                                                  .policies = policies_,
                                                  .environments = environments_,
                                                  .metrics = foundation_.metrics,
                                                  .logger = logger_}));
}

Result<StepOutcome> Governance::drop_old_plans() {
  const auto kept_for = std::chrono::days{foundation_.config.governance.plan_retention_days};
  SLUICE_TRY(const std::int64_t dropped, plans_.drop_older_than(foundation_.clock.now() - kept_for));
  if (dropped > 0) logger_.info("old plans dropped", {{"revisions", dropped}});
  return StepOutcome{kHousekeepingInterval};
}

void Governance::add_components(tasks::Lifecycle& lifecycle) {
  lifecycle.add(loop_component("housekeeping", housekeeping_, [this] {
    return std::make_unique<SupervisedLoop>(
        "housekeeping", [this](const std::stop_token&) { return drop_old_plans(); },
        [this](const Error& error, std::chrono::milliseconds wait) {
          logger_.warn("old plans not dropped", {{"reason", error.describe()}, {"retry_ms", wait.count()}});
        },
        Backoff{std::chrono::seconds{1}, std::chrono::minutes{5}});
  }));
}

}  // namespace sluice::parts
