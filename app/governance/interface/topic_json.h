// One topic's state as JSON, and links to it in AKHQ.
#pragma once

#include <string>

#include "governance/domain/topic/names.h"
#include "governance/domain/repository/topic_cluster.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

// `environment` may be empty: the name has none.
Json topic_to_json(const domain::TopicName& name, const std::string& environment,
                   const domain::TopicDetails& details);

// {"akhq": …} or an empty object. `akhq_url` is the cluster's page: "https://akhq.example/ui/prod".
Json topic_links(const std::string& akhq_url, const domain::TopicName& name);

}  // namespace sluice::governance::interface
