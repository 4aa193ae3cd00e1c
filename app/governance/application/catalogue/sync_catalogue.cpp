#include "governance/application/catalogue/sync_catalogue.h"

#include <algorithm>
#include <chrono>

#include "governance/application/catalogue/estate.h"

namespace sluice::governance::application {
namespace {

using domain::CataloguedTopic;
using domain::TopicName;

// For every consumer group of a cluster; those that don't answer by then stay unknown.
constexpr std::chrono::seconds kGroupsWithin{60};

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

// The topics, by name, whose readers are not those that were known; a topic that is gone has none.
std::vector<domain::TopicGroups> changed_groups(const domain::EnvironmentName& environment,
                                                std::span<const TopicName> names,
                                                const std::map<TopicName, std::vector<domain::GroupLag>>& known,
                                                const domain::ConsumptionLook& look) {
  std::vector<domain::TopicGroups> changed;
  for (const TopicName& name : names) {
    const auto found = known.find(name);
    const auto* before = found == known.end() ? nullptr : &found->second;
    auto now = domain::groups_after(before, look, name);
    if (before ? *before != now : !now.empty()) changed.push_back({environment, name, std::move(now)});
  }
  for (const auto& [name, groups] : known) {
    const bool there = std::binary_search(names.begin(), names.end(), name);
    if (!there && !groups.empty()) changed.push_back({environment, name, {}});
  }
  return changed;
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
  auto groups = look_at_groups(environment, names, deadline, stop);
  if (groups) look.report.groups_read = *groups;
  if (!groups) look.report.groups_problem = groups.error();
  SLUICE_TRY(const std::int64_t forgotten, catalogue_.forget_gone(environment.name, look.now - keep_gone_, deadline));
  look.report.forgotten = static_cast<std::size_t>(forgotten);
  return look.report;
}

Result<std::optional<domain::ConsumptionRead>> SyncCatalogue::look_at_groups(const GovernedEnvironment& environment,
                                                                             std::span<const TopicName> names,
                                                                             Deadline deadline,
                                                                             const std::stop_token& stop) {
  if (!environment.consumption) return std::optional<domain::ConsumptionRead>();
  const TimePoint now = clock_.now();
  SLUICE_TRY(const auto look, environment.consumption->look(names, deadline.no_later_than(kGroupsWithin), stop));
  SLUICE_TRY(const auto known, catalogue_.groups_of(environment.name, deadline));
  SLUICE_CHECK(catalogue_.store_groups(changed_groups(environment.name, names, known, look), deadline));
  const domain::ConsumptionRead read{now, static_cast<std::int64_t>(look.unread.size())};
  SLUICE_CHECK(catalogue_.store_groups_read(environment.name, read, deadline));
  return std::optional(read);
}

}  // namespace sluice::governance::application
