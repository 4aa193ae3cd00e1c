#include "governance/interface/catalogue/catalogue_json.h"

#include "governance/application/plan_json.h"

namespace sluice::governance::interface {

Json catalogued_to_json(const domain::CataloguedTopic& topic) {
  Json json = json_object(16);
  json["env"] = topic.environment.str();
  json["name"] = topic.name.str();
  json["topicId"] = topic.topic_id;
  json["partitions"] = topic.partitions;
  json["replicationFactor"] = topic.replication_factor;
  json["internal"] = topic.internal;
  Json& configs = json["configs"] = json_object(topic.configs.size());
  for (const auto& [key, value] : topic.configs) configs[key] = value;
  const Json metadata = application::metadata_to_json(topic.metadata);
  for (const auto& [key, value] : metadata.items()) json[key] = value;
  json["firstSeen"] = format_rfc3339(topic.first_seen);
  json["lastChange"] = format_rfc3339(topic.last_change);
  Json& changes = json["changes"] = Json::array();
  for (const auto& change : topic.changes) {
    changes.push_back({{"field", change.field}, {"before", change.before}, {"after", change.after}});
  }
  if (topic.gone_at) json["goneAt"] = format_rfc3339(*topic.gone_at);
  return json;
}

Json sync_to_json(const application::SyncReport& report) {
  return {{"env", report.environment.str()}, {"topics", report.topics},   {"appeared", report.appeared},
          {"changed", report.changed},       {"gone", report.gone},       {"syncedAt", format_rfc3339(report.synced_at)}};
}

}  // namespace sluice::governance::interface
