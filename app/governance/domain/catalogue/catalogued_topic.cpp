#include "governance/domain/catalogue/catalogued_topic.h"

namespace sluice::governance::domain {
namespace {

using Configs = std::map<std::string, std::string, std::less<>>;

Configs own_configs(const LiveTopic& live) {
  Configs own;
  for (const auto& [key, config] : live.configs) {
    if (config.source == ValueSource::kTopic) own.emplace(key, config.value);
  }
  return own;
}

void note(std::vector<FieldChange>& changes, std::string_view field, std::string before, std::string after) {
  if (before != after) changes.push_back({std::string(field), std::move(before), std::move(after)});
}

std::string value_in(const Configs& configs, const std::string& key) {
  const auto found = configs.find(key);
  return found == configs.end() ? std::string() : found->second;
}

std::vector<FieldChange> changes_between(const CataloguedTopic& before, const CataloguedTopic& after) {
  std::vector<FieldChange> changes;
  note(changes, "topicId", before.topic_id, after.topic_id);
  note(changes, "partitions", std::to_string(before.partitions), std::to_string(after.partitions));
  note(changes, "replicationFactor", std::to_string(before.replication_factor),
       std::to_string(after.replication_factor));
  for (const auto& [key, value] : before.configs) note(changes, key, value, value_in(after.configs, key));
  for (const auto& [key, value] : after.configs) {
    if (!before.configs.contains(key)) note(changes, key, "", value);
  }
  return changes;
}

CataloguedTopic as_seen(const EnvironmentName& environment, const TopicName& name, const LiveTopic& live,
                        TimePoint now) {
  CataloguedTopic seen;
  seen.environment = environment;
  seen.name = name;
  seen.topic_id = live.topic_id;
  seen.partitions = live.partitions;
  seen.replication_factor = live.replication_factor;
  seen.internal = live.internal;
  seen.configs = own_configs(live);
  seen.first_seen = now;
  seen.last_change = now;
  return seen;
}

}  // namespace

std::optional<CataloguedTopic> observe(const EnvironmentName& environment, const TopicName& name,
                                       const CataloguedTopic* known, const LiveTopic* live,
                                       const TopicMetadata* declared, TimePoint now) {
  if (!live) {
    if (!known || known->gone_at) return std::nullopt;
    CataloguedTopic gone = *known;
    gone.gone_at = now;
    return gone;
  }
  CataloguedTopic seen = as_seen(environment, name, *live, now);
  if (declared) seen.metadata = *declared;
  if (!known) return seen;
  seen.changes = changes_between(*known, seen);
  if (known->topic_id == seen.topic_id) {
    seen.first_seen = known->first_seen;
    if (seen.changes.empty()) {
      seen.last_change = known->last_change;
      seen.changes = known->changes;
    }
  }
  return seen == *known ? std::nullopt : std::optional(std::move(seen));
}

bool belongs_to(const TopicName& name, const EnvironmentName& environment,
                std::span<const EnvironmentName> environments) {
  const auto prefix = environment_prefix(name.view(), environments);
  return prefix.empty() || prefix == environment.view();
}

std::optional<TopicName> topic_of_subject(std::string_view subject) {
  for (const std::string_view ending : {"-value", "-key"}) {
    if (subject.size() > ending.size() && subject.ends_with(ending)) {
      return TopicName{std::string(subject.substr(0, subject.size() - ending.size()))};
    }
  }
  return std::nullopt;
}

}  // namespace sluice::governance::domain
