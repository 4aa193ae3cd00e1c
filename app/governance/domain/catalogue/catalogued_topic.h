// One topic as the catalogue knows it: what it is, whose it is, and what has happened to it since it
// was first seen. Plain data, and the one pure step that keeps it up to date.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/topic/names.h"
#include "governance/domain/topic/topic_batch.h"
#include "platform/core/clock.h"

namespace sluice::governance::domain {

struct FieldChange {
  std::string field;  // "topicId", "partitions", "replicationFactor", or a config key
  std::string before;  // empty: the topic had none of its own
  std::string after;

  bool operator==(const FieldChange&) const = default;
};

struct CataloguedTopic {
  EnvironmentName environment;
  TopicName name;
  std::string topic_id;
  std::int32_t partitions = 0;
  std::int32_t replication_factor = 0;
  bool internal = false;
  std::map<std::string, std::string, std::less<>> configs;  // the topic's own
  TopicMetadata metadata;  // as last declared
  TimePoint first_seen;    // of this topic id
  TimePoint last_change;
  std::vector<FieldChange> changes;  // what that change was; empty: it appeared
  std::optional<TimePoint> gone_at;  // not seen since

  bool operator==(const CataloguedTopic&) const = default;
};

// What a look at the cluster makes of what was known. `live` null: the topic is not there. Nothing:
// nothing has changed. A topic of another id is a new one: it is first seen now, and its change says
// what is different from the one before.
std::optional<CataloguedTopic> observe(const EnvironmentName& environment, const TopicName& name,
                                       const CataloguedTopic* known, const LiveTopic* live,
                                       const TopicMetadata* declared, TimePoint now);

// Whether a topic is one of `environment`'s: its name begins with it or with no environment at all.
bool belongs_to(const TopicName& name, const EnvironmentName& environment,
                std::span<const EnvironmentName> environments);

// "prod.orders-value" → "prod.orders" (TopicNameStrategy); a name that ends otherwise is no subject of
// a topic.
std::optional<TopicName> topic_of_subject(std::string_view subject);

}  // namespace sluice::governance::domain
