#include "governance/application/batch_json.h"

#include "governance/application/plan_json.h"

namespace sluice::governance::application {
namespace {

Json config_of(const domain::TopicItem& item) {
  Json config = json_object(item.configs.size() + 2);
  if (item.partitions) config["partitions"] = *item.partitions;
  if (item.replication_factor) config["replicationFactor"] = *item.replication_factor;
  for (const auto& [key, value] : item.configs) config[key] = value ? Json(*value) : Json();
  return config;
}

Json metadata_of(const domain::TopicItem& item) {
  Json json = metadata_to_json(item.metadata);
  if (!item.issue.empty()) json["jira"] = item.issue;
  return json;
}

Json item_to_json(const domain::TopicItem& item) {
  Json json = json_object(5);
  json["name"] = item.name.str();
  json["action"] = domain::to_string(item.action);
  if (Json config = config_of(item); !config.empty()) json["config"] = std::move(config);
  if (Json metadata = metadata_of(item); !metadata.empty()) json["metadata"] = std::move(metadata);
  if (!item.reason.empty()) json["reason"] = item.reason;
  return json;
}

}  // namespace

Json batch_to_json(const domain::TopicBatch& batch) {
  Json items = Json::array();
  for (const domain::TopicItem& item : batch.items) items.push_back(item_to_json(item));
  return {{"kind", "TopicBatch"},
          {"env", batch.env.str()},
          {"changeId", batch.change_id.str()},
          {"items", std::move(items)}};
}

}  // namespace sluice::governance::application
