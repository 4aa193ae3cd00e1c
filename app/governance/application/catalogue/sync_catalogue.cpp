#include "governance/application/catalogue/sync_catalogue.h"

#include "governance/application/catalogue/estate.h"

namespace sluice::governance::application {
namespace {

using domain::CataloguedTopic;
using domain::TopicName;

Error in_progress() {
  return {ErrorKind::kConflict, "catalogue.sync-in-progress", "The catalogue is being synced already.",
          "Wait for that sync to end.", {}};
}

// What one sync knows and has found so far.
struct Look {
  const domain::EnvironmentName& environment;
  std::map<TopicName, CataloguedTopic> known;
  std::map<TopicName, domain::Declaration> declared;
  TimePoint now;
  SyncReport report;

  const CataloguedTopic* known_as(const TopicName& name) const {
    const auto found = known.find(name);
    return found == known.end() ? nullptr : &found->second;
  }
  const domain::TopicMetadata* metadata_of(const TopicName& name) const {
    const auto found = declared.find(name);
    return found == declared.end() ? nullptr : &found->second.metadata;
  }
};

// The changed ones of these names.
std::vector<CataloguedTopic> take(Look& look, std::span<const TopicName> names, const domain::ClusterState& state) {
  std::vector<CataloguedTopic> changed;
  for (const TopicName& name : names) {
    const auto found = state.topics.find(name);
    const domain::LiveTopic* live = found == state.topics.end() ? nullptr : &found->second;
    const CataloguedTopic* known = look.known_as(name);
    auto seen = domain::observe(look.environment, name, known, live, look.metadata_of(name), look.now);
    if (live) ++look.report.topics;
    if (!seen) continue;
    ++(seen->gone_at ? look.report.gone : known && !known->gone_at ? look.report.changed : look.report.appeared);
    changed.push_back(std::move(*seen));
  }
  return changed;
}

std::vector<TopicName> missing_from(const std::map<TopicName, CataloguedTopic>& known,
                                    const std::vector<TopicName>& listed) {
  std::vector<TopicName> missing;
  auto there = listed.begin();
  for (const auto& [name, topic] : known) {
    while (there != listed.end() && *there < name) ++there;
    if (there == listed.end() || *there != name) missing.push_back(name);
  }
  return missing;
}

}  // namespace

Result<SyncReport> SyncCatalogue::sync(const domain::EnvironmentName& environment, Deadline deadline,
                                       const std::stop_token& stop) {
  SLUICE_TRY(const GovernedEnvironment* governed, environments_.find(environment));
  if (running_.exchange(true)) return in_progress();
  auto report = look(*governed, deadline, stop);
  running_ = false;
  return report;
}

Result<SyncReport> SyncCatalogue::look(const GovernedEnvironment& environment, Deadline deadline,
                                       const std::stop_token& stop) {
  const auto policies = policies_.current();
  Look look{environment.name, {}, {}, clock_.now(), {}};
  SLUICE_TRY(const auto names, list_estate(environment, policies->environments, deadline));
  SLUICE_TRY(look.known, catalogue_.of(environment.name, deadline));
  SLUICE_TRY(look.declared, catalogue_.declarations(environment.name, deadline));
  SLUICE_CHECK(read_estate(environment, names, deadline,
                           [&](std::span<const TopicName> chunk, const domain::ClusterState& state) {
                             return catalogue_.store(take(look, chunk, state), deadline);
                           },
                           stop));
  const std::vector<TopicName> missing = missing_from(look.known, names);
  SLUICE_CHECK(catalogue_.store(take(look, missing, {}), deadline));
  look.report.environment = environment.name;
  look.report.synced_at = look.now;
  SLUICE_CHECK(catalogue_.store_synced(environment.name, look.now, deadline));
  return look.report;
}

}  // namespace sluice::governance::application
