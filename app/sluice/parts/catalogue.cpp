#include "sluice/parts/catalogue.h"

#include <algorithm>

#include <map>

#include "governance/interface/catalogue/catalogue_routes.h"
#include "governance/interface/catalogue/live_topic_routes.h"
#include "governance/interface/drift/drift_routes.h"

namespace sluice::parts {
namespace {

using governance::domain::EnvironmentName;

constexpr std::chrono::seconds kFollowInterval{1};
constexpr std::chrono::seconds kAnswerWithin{2};
constexpr std::chrono::seconds kFollowWithin{30};
constexpr std::chrono::seconds kTryAgainAfter{30};
constexpr std::chrono::minutes kSyncWithin{10};  // 100,000 topics on a slow cluster

}  // namespace

Catalogue::Catalogue(const Foundation& foundation, const governance::application::Environments& environments,
                     const governance::application::PolicyStore& policies,
                     governance::application::LiveTopics& topics)
    : foundation_(foundation),
      logger_(foundation.logger.module("catalogue")),
      environments_(environments),
      policies_(policies),
      live_topics_(topics),
      repository_(foundation.database),
      view_(repository_),
      sync_(environments, repository_, policies, foundation.clock,
            std::chrono::days{foundation.config.governance.gone_retention_days}),
      drift_(environments, repository_, policies, foundation.clock),
      topics_(foundation.metrics.gauge("catalogue_topics", "Topics that the catalogue knows to exist.", {"environment"})),
      age_(foundation.metrics.gauge("catalogue_age_seconds", "Since the last complete sync.", {"environment"})) {}

void Catalogue::add_routes(http::Router& router) {
  router.add(governance::interface::catalogue_routes(
      {.view = view_, .sync = sync_, .environments = environments_, .policies = policies_}));
  router.add(governance::interface::live_topic_routes(
      {.topics = live_topics_, .view = view_, .environments = environments_, .policies = policies_}));
  router.add(governance::interface::drift_routes(drift_));
}

// Several processes share the work: whoever finds a sync due does it.
void Catalogue::sync_what_is_due(const std::stop_token& stop) {
  const auto snapshot = view_.current();
  if (!snapshot) return;
  const std::chrono::seconds interval{foundation_.config.governance.catalogue_interval_s};
  const auto& synced_at = (*snapshot)->state.synced_at;
  for (const auto& environment : environments_.all()) {
    if (stop.stop_requested()) return;
    const auto last = synced_at.find(environment.name);
    const TimePoint now = foundation_.clock.now();
    if (last != synced_at.end() && now - last->second < interval) continue;
    // What failed reads the whole cluster again: not at every turn of the loop.
    const auto [tried, is_first] = tried_at_.try_emplace(environment.name, now);
    if (!is_first && now - tried->second < std::min<std::chrono::seconds>(interval, kTryAgainAfter)) continue;
    tried->second = now;
    const auto report = sync_.sync(environment.name, Deadline::after(kSyncWithin), stop);
    if (!report) {
      logger_.warn("catalogue not synced",
                   {{"environment", environment.name.str()}, {"reason", report.error().describe()}});
    } else if (report->groups_problem) {
      logger_.warn("consumer groups not read",
                   {{"environment", environment.name.str()}, {"reason", report->groups_problem->describe()}});
    }
  }
}

void Catalogue::show() {
  const auto snapshot = view_.current();
  if (!snapshot) return;
  std::map<std::string, double> counts;
  for (const auto& row : (*snapshot)->index->rows()) {
    if (!row->gone_at) ++counts[row->environment.str()];
  }
  for (const auto& [environment, at] : (*snapshot)->state.synced_at) {
    const std::chrono::duration<double> age = foundation_.clock.now() - at;
    topics_.with({environment.view()}).set(counts[environment.str()]);
    age_.with({environment.view()}).set(age.count());
  }
}

Result<StepOutcome> Catalogue::follow(const std::stop_token& stop) {
  // A look at everything may take long; a database that is away must not hold up the stop for as long.
  SLUICE_CHECK(foundation_.database.ping(Deadline::after(kAnswerWithin)));
  SLUICE_CHECK(view_.refresh(Deadline::after(kFollowWithin)));
  sync_what_is_due(stop);
  show();
  return StepOutcome{kFollowInterval};
}

void Catalogue::add_components(tasks::Lifecycle& lifecycle) {
  lifecycle.add(loop_component("catalogue", loop_, [this] {
    return std::make_unique<SupervisedLoop>(
        "catalogue", [this](const std::stop_token& stop) { return follow(stop); },
        [this](const Error& error, std::chrono::milliseconds wait) {
          logger_.warn("catalogue not read", {{"reason", error.describe()}, {"retry_ms", wait.count()}});
        },
        Backoff{std::chrono::seconds{1}, std::chrono::seconds{30}});
  }));
}

}  // namespace sluice::parts
