// The catalogue's answers as JSON.
#pragma once

#include <string>

#include "governance/application/catalogue/sync_catalogue.h"
#include "governance/domain/catalogue/catalogued_topic.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

// {env, name, topicId, partitions, replicationFactor, internal, configs, owner, sla, doc, tags,
//  firstSeen, lastChange, changes[{field, before, after}], goneAt}; what is not known is left out.
Json catalogued_to_json(const domain::CataloguedTopic& topic);
Json sync_to_json(const application::SyncReport& report);

}  // namespace sluice::governance::interface
