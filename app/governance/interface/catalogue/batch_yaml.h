// An existing topic as the batch item that declares it. Deterministic: the same topics give the same
// bytes, and read_topic_batch reads them back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "governance/domain/topic/cluster_state.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::governance::interface {

inline constexpr std::size_t kItemsOfBatch = 1000;

// The lines up to `items:`.
std::string batch_head(std::string_view environment, std::string_view change_id);
// Partitions, replication factor and the topic's own configs. A value that no batch can say (empty, or
// longer than 10,000 bytes) is left out, with a comment that names its key.
std::string batch_item(const domain::TopicName& name, const domain::LiveTopic& topic,
                       const domain::TopicMetadata* metadata);

}  // namespace sluice::governance::interface
