// The catalogue's answers as JSON.
#pragma once

#include <string>

#include "governance/application/catalogue/catalogue_view.h"
#include "governance/application/catalogue/sync_catalogue.h"
#include "governance/domain/catalogue/catalogued_topic.h"
#include "platform/core/json.h"
#include "platform/core/json_writer.h"

namespace sluice::governance::interface {

// {env, name, topicId, partitions, replicationFactor, internal, configs, …history, consumers, links}
void write_catalogued(const domain::CataloguedTopic& topic, const application::CatalogueSnapshot& snapshot,
                      const std::string& akhq_url, JsonWriter& json);
// Members: owner, sla, doc, tags, firstSeen, lastChange, changes[{field, before, after}], goneAt; what is
// not known is left out.
void write_history(const domain::CataloguedTopic& topic, JsonWriter& json);
// {readAt, unreadGroups, groups[{group, state, members, lag, links}]}; null: nobody has looked yet. A
// number that could not be read is null.
void write_consumers(const application::CatalogueSnapshot& snapshot, const domain::EnvironmentName& environment,
                     const domain::TopicName& name, const std::string& akhq_url, JsonWriter& json);
Json sync_to_json(const application::SyncReport& report);

}  // namespace sluice::governance::interface
