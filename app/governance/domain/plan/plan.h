// The plan: per topic what would change, from what to what and who decided each value; the broker's
// and the policies' verdicts; and what the live state was that all this was computed from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/moves/move_planner.h"
#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/topic/topic_batch.h"
#include "governance/domain/plan/violation.h"

namespace sluice::governance::domain {

inline constexpr std::string_view kPartitionsField = "partitions";
inline constexpr std::string_view kReplicationFactorField = "replicationFactor";

enum class PlannedAction : std::uint8_t { kNone, kCreate, kAlter, kDelete };
std::string_view to_string(PlannedAction action);  // "NONE", "CREATE", "ALTER", "DELETE"

struct FieldDiff {
  std::string field;                     // "partitions", "replicationFactor", or a config key
  std::optional<std::string> old_value;  // none: the topic does not exist yet
  std::optional<ValueSource> old_source;
  std::optional<std::string> new_value;  // none: the broker decides and its default is not known
  std::optional<ValueSource> new_source;

  bool operator==(const FieldDiff&) const = default;
};

// "8→12", "50 → (broker default 100)", "(broker default producer) → zstd", "zstd (policy default)".
std::string short_form(const FieldDiff& diff);

// What an apply has to bring about.
struct IntendedState {
  // After the change. None on a create: the broker's default.
  std::optional<std::int32_t> partitions;
  std::optional<std::int32_t> replication_factor;
  std::map<std::string, std::string, std::less<>> set;  // canonical values, SET
  std::vector<std::string> unset;                       // DELETE, sorted

  bool operator==(const IntendedState&) const = default;
};

// The live value of a config that the item sets or a rule read.
struct LiveValue {
  std::string key;
  std::string value;
  ValueSource source = ValueSource::kBroker;

  bool operator==(const LiveValue&) const = default;
};

// The live state an item was computed from; an apply refuses when it is no longer so.
struct LiveFingerprint {
  bool exists = false;
  std::string topic_id;
  std::int32_t partitions = 0;
  std::int32_t replication_factor = 0;
  std::vector<LiveValue> configs;  // sorted by key

  bool operator==(const LiveFingerprint&) const = default;
};

enum class BrokerCall : std::uint8_t { kCreateTopic, kCreatePartitions, kAlterConfigs };

// What the broker said to one validate_only call.
struct BrokerVerdict {
  TopicName name;
  BrokerCall call = BrokerCall::kCreateTopic;
  bool ok = false;
  std::string code;   // Kafka's name: "INVALID_CONFIG", "TOPIC_ALREADY_EXISTS"
  std::string words;  // the broker's own
};

struct PlannedItem {
  TopicName name;
  ItemAction requested = ItemAction::kUpsert;
  PlannedAction action = PlannedAction::kNone;
  std::vector<FieldDiff> diffs;  // partitions, replicationFactor, then configs by key
  std::string note;
  IntendedState intended;
  // What the item says the topic is to be, also where it is so already; with a create's policy
  // defaults. What drift compares with, once it is applied.
  IntendedState declared;
  std::optional<IntendedState> lost;  // of a delete: what the topic had of its own
  TopicMetadata metadata;
  std::string reason;
  SourcePlace place;
  LiveFingerprint live;
  PlannedMoves moves;                   // of an alter to another replication factor
  std::vector<GroupUse> groups;         // filled where more partitions move keys
  std::vector<BrokerVerdict> verdicts;  // empty: the broker was not asked

  [[nodiscard]] const FieldDiff* diff_of(std::string_view field) const;
};

struct Plan {
  EnvironmentName env;
  ChangeId change_id;
  std::string cluster_id;
  std::string policy_version;
  std::string policy_digest;
  std::vector<PlannedItem> items;     // in the batch's order
  std::vector<Violation> violations;  // by item, then in the order of the rules
  // Live state that rules want to know of topics to delete; no part of the plan's document.
  std::set<TopicName> groups_wanted = {};
  std::set<TopicName> records_wanted = {};

  [[nodiscard]] bool has_changes() const;
  [[nodiscard]] bool is_blocked() const;
};

}  // namespace sluice::governance::domain
