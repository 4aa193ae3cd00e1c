// One topic's state as JSON, and links to AKHQ.
#pragma once

#include <string>

#include "governance/domain/topic/names.h"
#include "governance/domain/repository/topic_cluster.h"
#include "platform/core/json.h"
#include "platform/core/json_writer.h"

namespace sluice::governance::interface {

// Members of an object: name, env, topicId, internal, partitions, replicationFactor, placement, configs.
// `environment` may be empty: the name has none.
void write_topic(const domain::TopicName& name, const std::string& environment, const domain::TopicDetails& details,
                 JsonWriter& json);

// A topic's page, or empty. `akhq_url` is the cluster's: "https://akhq.example/ui/prod".
std::string topic_page(const std::string& akhq_url, const domain::TopicName& name);
// {"akhq": …} or an empty object.
Json topic_links(const std::string& akhq_url, const domain::TopicName& name);
// The member `links`.
void write_topic_links(const std::string& akhq_url, const domain::TopicName& name, JsonWriter& json);
void write_group_links(const std::string& akhq_url, const std::string& group, JsonWriter& json);

}  // namespace sluice::governance::interface
