#include "governance/interface/topic_json.h"

namespace sluice::governance::interface {
namespace {

Json config_to_json(const std::string& key, const domain::LiveConfig& config) {
  Json json{{"name", key}, {"value", config.value}, {"source", to_string(config.source)}};
  if (config.fallback) json["brokerDefault"] = *config.fallback;
  return json;
}

Json partition_to_json(const domain::PartitionPlacement& partition) {
  return {{"id", partition.id},
          {"leader", partition.leader < 0 ? Json() : Json(partition.leader)},
          {"replicas", partition.replicas},
          {"inSyncReplicas", partition.in_sync}};
}

}  // namespace

Json topic_to_json(const domain::TopicName& name, const std::string& environment,
                   const domain::TopicDetails& details) {
  Json json{{"name", name.str()},
            {"env", environment.empty() ? Json() : Json(environment)},
            {"topicId", details.topic.topic_id},
            {"internal", details.topic.internal},
            {"partitions", details.topic.partitions},
            {"replicationFactor", details.topic.replication_factor},
            {"placement", Json::array()},
            {"configs", Json::array()}};
  for (const auto& partition : details.partitions) json["placement"].push_back(partition_to_json(partition));
  for (const auto& [key, config] : details.topic.configs) json["configs"].push_back(config_to_json(key, config));
  return json;
}

Json topic_links(const std::string& akhq_url, const domain::TopicName& name) {
  if (akhq_url.empty() || !domain::is_kafka_name(name.view())) return Json::object();
  return {{"akhq", akhq_url + "/topic/" + name.str()}};
}

}  // namespace sluice::governance::interface
