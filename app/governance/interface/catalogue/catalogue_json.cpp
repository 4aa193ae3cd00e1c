#include "governance/interface/catalogue/catalogue_json.h"

#include "governance/interface/topic_json.h"

namespace sluice::governance::interface {
namespace {

void write_text_if(std::string_view name, const std::optional<std::string>& text, JsonWriter& json) {
  if (text) json.member(name, *text);
}

void write_metadata(const domain::TopicMetadata& metadata, JsonWriter& json) {
  write_text_if("owner", metadata.owner, json);
  write_text_if("sla", metadata.sla, json);
  write_text_if("doc", metadata.doc, json);
  if (metadata.tags.empty()) return;
  json.key("tags");
  json.begin_array();
  for (const std::string& tag : metadata.tags) json.value(tag);
  json.end_array();
}

void write_group(const domain::GroupLag& group, const std::string& akhq_url, JsonWriter& json) {
  json.begin_object();
  json.member("group", group.group);
  json.member("state", group.state);
  json.member("members", group.members);
  json.member("lag", group.lag);
  write_group_links(akhq_url, group.group, json);
  json.end_object();
}

}  // namespace

void write_catalogued(const domain::CataloguedTopic& topic, const application::CatalogueSnapshot& snapshot,
                      const std::string& akhq_url, JsonWriter& json) {
  json.begin_object();
  json.member("env", topic.environment.view());
  json.member("name", topic.name.view());
  json.member("topicId", topic.topic_id);
  json.member("partitions", topic.partitions);
  json.member("replicationFactor", topic.replication_factor);
  json.member("internal", topic.internal);
  json.key("configs");
  json.begin_object();
  for (const auto& [key, value] : topic.configs) json.member(key, value);
  json.end_object();
  write_history(topic, json);
  write_consumers(snapshot, topic.environment, topic.name, akhq_url, json);
  write_topic_links(akhq_url, topic.name, json);
  json.end_object();
}

void write_history(const domain::CataloguedTopic& topic, JsonWriter& json) {
  write_metadata(topic.metadata, json);
  json.member("firstSeen", format_rfc3339(topic.first_seen));
  json.member("lastChange", format_rfc3339(topic.last_change));
  json.key("changes");
  json.begin_array();
  for (const domain::FieldChange& change : topic.changes) {
    json.begin_object();
    json.member("field", change.field);
    json.member("before", change.before);
    json.member("after", change.after);
    json.end_object();
  }
  json.end_array();
  if (topic.gone_at) json.member("goneAt", format_rfc3339(*topic.gone_at));
}

void write_consumers(const application::CatalogueSnapshot& snapshot, const domain::EnvironmentName& environment,
                     const domain::TopicName& name, const std::string& akhq_url, JsonWriter& json) {
  json.key("consumers");
  const auto read = snapshot.state.groups_read.find(environment);
  if (read == snapshot.state.groups_read.end()) return json.null();
  json.begin_object();
  json.member("readAt", format_rfc3339(read->second.at));
  json.member("unreadGroups", read->second.unread);
  json.key("groups");
  json.begin_array();
  for (const domain::GroupLag& group : snapshot.groups_of(environment, name)) write_group(group, akhq_url, json);
  json.end_array();
  json.end_object();
}

Json sync_to_json(const application::SyncReport& report) {
  Json json{{"env", report.environment.str()},
            {"topics", report.topics},
            {"appeared", report.appeared},
            {"changed", report.changed},
            {"gone", report.gone},
            {"forgotten", report.forgotten},
            {"syncedAt", format_rfc3339(report.synced_at)},
            {"groupsReadAt", report.groups_read ? Json(format_rfc3339(report.groups_read->at)) : Json()}};
  if (report.groups_problem) json["groupsProblem"] = report.groups_problem->message;
  return json;
}

}  // namespace sluice::governance::interface
