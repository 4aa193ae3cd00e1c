#include "support/plan_truth/end_state.h"

#include <fmt/format.h>

#include <charconv>

#include "governance/domain/topic/config_value.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;

constexpr std::chrono::seconds kCallTime{60};

Json value_json(std::string_view key, std::string_view value, domain::ValueSource source) {
  const bool own = source != domain::ValueSource::kBroker;
  return {{"value", domain::canonical_config_value(key, value)}, {"source", own ? "topic" : "broker"}};
}

Json topic_json(const domain::LiveTopic& topic) {
  Json configs = Json::object();
  for (const auto& [key, config] : topic.configs) configs[key] = value_json(key, config.value, config.source);
  return {{"partitions", topic.partitions},
          {"replicationFactor", topic.replication_factor},
          {"configs", std::move(configs)}};
}

Json new_topic_json(const domain::ClusterState& before) {
  Json configs = Json::object();
  for (const auto& [key, value] : before.defaults) {
    configs[key] = value_json(key, value, domain::ValueSource::kBroker);
  }
  return {{"partitions", nullptr}, {"replicationFactor", nullptr}, {"configs", std::move(configs)}};
}

Json number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void change(const domain::FieldDiff& diff, Json& topic) {
  const bool is_count = diff.field == domain::kPartitionsField || diff.field == domain::kReplicationFactorField;
  if (is_count) {
    topic[diff.field] = diff.new_value ? number(*diff.new_value) : Json(nullptr);
  } else {
    topic["configs"][diff.field] =
        value_json(diff.field, diff.new_value.value_or(""), diff.new_source.value_or(domain::ValueSource::kBroker));
  }
}

template <typename Items>
void note_failures(std::string_view call, const Items& items, const std::vector<domain::CallResult>& results,
                   const auto& name_of, std::vector<std::string>& failures) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].outcome == domain::CallOutcome::kDone) continue;
    failures.push_back(fmt::format("{} {}: {} {}", call, name_of(items[i]), results[i].code, results[i].words));
  }
}

}  // namespace

Json end_state(const domain::ClusterState& state) {
  Json topics = Json::object();
  for (const auto& [name, topic] : state.topics) topics[name.str()] = topic_json(topic);
  return topics;
}

Json predicted(const domain::Plan& plan, const domain::ClusterState& before) {
  Json topics = end_state(before);
  if (plan.is_blocked()) return topics;
  for (const domain::PlannedItem& item : plan.items) {
    const std::string& name = item.name.str();
    if (item.action == domain::PlannedAction::kDelete) topics.erase(name);
    if (item.action == domain::PlannedAction::kCreate) topics[name] = new_topic_json(before);
    for (const domain::FieldDiff& diff : item.diffs) change(diff, topics.at(name));
  }
  return topics;
}

std::string differences(const Json& expected, const Json& actual) {
  std::string text;
  for (const Json& step : Json::diff(expected, actual)) {
    const Json::json_pointer place(step["path"].get<std::string>());
    text += fmt::format("{}: expected {}, found {}\n", place.to_string(),
                        expected.contains(place) ? expected[place].dump() : "nothing",
                        actual.contains(place) ? actual[place].dump() : "nothing");
  }
  return text;
}

void add_calls(const domain::Plan& plan, PlannedCalls& calls) {
  if (plan.is_blocked()) return;
  for (const domain::PlannedItem& item : plan.items) {
    const domain::IntendedState& intended = item.intended;
    if (item.action == domain::PlannedAction::kDelete) calls.removes.push_back(item.name);
    if (item.action == domain::PlannedAction::kCreate) {
      calls.creates.push_back({item.name, intended.partitions.value_or(0), intended.replication_factor.value_or(0),
                               intended.set});
    }
    if (item.action != domain::PlannedAction::kAlter) continue;
    if (intended.partitions.value_or(0) > item.live.partitions) {
      calls.grows.push_back({item.name, *intended.partitions});
    }
    if (!intended.set.empty() || !intended.unset.empty()) {
      calls.alters.push_back({item.name, intended.set, intended.unset});
    }
  }
}

std::vector<std::string> send(const PlannedCalls& calls, domain::TopicWriter& writer) {
  const Deadline deadline = Deadline::after(kCallTime);
  std::vector<std::string> failures;
  const auto name = [](const auto& probe) { return probe.name.str(); };
  note_failures("create", calls.creates, writer.create(calls.creates, deadline), name, failures);
  note_failures("grow", calls.grows, writer.grow(calls.grows, deadline), name, failures);
  note_failures("alter", calls.alters, writer.alter(calls.alters, deadline), name, failures);
  note_failures("delete", calls.removes, writer.remove(calls.removes, deadline),
                [](const domain::TopicName& topic) { return topic.str(); }, failures);
  return failures;
}

}  // namespace sluice::test
