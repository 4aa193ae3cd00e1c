// Where a cluster is not as it was last declared, field by field. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/catalogue/declaration.h"
#include "governance/domain/topic/cluster_state.h"

namespace sluice::governance::domain {

enum class DriftKind : std::uint8_t {
  kMissing,    // declared, and not there
  kRecreated,  // there, but another topic than the one that was declared
  kChanged,    // a declared field has another value
};
std::string_view to_string(DriftKind kind);  // "missing", "recreated", "changed"

struct DriftedField {
  std::string field;                    // "topicId", "partitions", "replicationFactor", or a config key
  std::optional<std::string> declared;  // none: declared to be the broker's
  std::optional<std::string> live;
  ValueSource live_source = ValueSource::kTopic;

  bool operator==(const DriftedField&) const = default;
};

struct TopicDrift {
  TopicName name;
  DriftKind kind = DriftKind::kChanged;
  std::vector<DriftedField> fields;  // topicId, partitions, replicationFactor, then configs by key
  // The apply that declared it.
  ChangeId change_id;
  std::int64_t revision = 0;

  bool operator==(const TopicDrift&) const = default;
};

// `live` null: the topic is not there. Values that mean the same are the same. A declared value that
// holds, but no longer as the topic's own setting (the broker's default happens to be equal), is no
// drift: nothing behaves differently. A key declared unset has drifted when the topic sets it.
std::optional<TopicDrift> drift_of(const Declaration& declared, const LiveTopic* live);

// The topic's own settings that nobody declared, by key. Not drift: a declaration leaves them alone.
std::vector<DriftedField> undeclared_settings(const Declaration& declared, const LiveTopic& live);

}  // namespace sluice::governance::domain
