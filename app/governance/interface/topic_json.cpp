#include "governance/interface/topic_json.h"

#include "platform/http/wire/target.h"

namespace sluice::governance::interface {
namespace {

void write_config(const std::string& key, const domain::LiveConfig& config, JsonWriter& json) {
  json.begin_object();
  json.member("name", key);
  json.member("value", config.value);
  json.member("source", to_string(config.source));
  if (config.fallback) json.member("brokerDefault", *config.fallback);
  json.end_object();
}

void write_brokers(std::string_view name, const std::vector<std::int32_t>& brokers, JsonWriter& json) {
  json.key(name);
  json.begin_array();
  for (const std::int32_t broker : brokers) json.value(broker);
  json.end_array();
}

void write_partition(const domain::PartitionPlacement& partition, JsonWriter& json) {
  json.begin_object();
  json.member("id", partition.id);
  json.member("leader", partition.leader < 0 ? std::nullopt : std::optional(partition.leader));
  write_brokers("replicas", partition.replicas, json);
  write_brokers("inSyncReplicas", partition.in_sync, json);
  json.end_object();
}

void write_links(const std::string& page, JsonWriter& json) {
  json.key("links");
  json.begin_object();
  if (!page.empty()) json.member("akhq", page);
  json.end_object();
}

}  // namespace

void write_topic(const domain::TopicName& name, const std::string& environment, const domain::TopicDetails& details,
                 JsonWriter& json) {
  json.member("name", name.view());
  json.member("env", environment.empty() ? std::nullopt : std::optional(environment));
  json.member("topicId", details.topic.topic_id);
  json.member("internal", details.topic.internal);
  json.member("partitions", details.topic.partitions);
  json.member("replicationFactor", details.topic.replication_factor);
  json.key("placement");
  json.begin_array();
  for (const domain::PartitionPlacement& partition : details.partitions) write_partition(partition, json);
  json.end_array();
  json.key("configs");
  json.begin_array();
  for (const auto& [key, config] : details.topic.configs) write_config(key, config, json);
  json.end_array();
}

std::string topic_page(const std::string& akhq_url, const domain::TopicName& name) {
  if (akhq_url.empty() || !domain::is_kafka_name(name.view())) return {};
  return akhq_url + "/topic/" + name.str();
}

Json topic_links(const std::string& akhq_url, const domain::TopicName& name) {
  const std::string page = topic_page(akhq_url, name);
  return page.empty() ? Json::object() : Json{{"akhq", page}};
}

void write_topic_links(const std::string& akhq_url, const domain::TopicName& name, JsonWriter& json) {
  write_links(topic_page(akhq_url, name), json);
}

// A group's id may hold anything.
void write_group_links(const std::string& akhq_url, const std::string& group, JsonWriter& json) {
  write_links(akhq_url.empty() ? "" : akhq_url + "/group/" + http::wire::percent_encode(group), json);
}

}  // namespace sluice::governance::interface
