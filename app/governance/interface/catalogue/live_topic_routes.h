// The REST face of one topic: as its cluster has it, with what the catalogue knows of it.
#pragma once

#include <vector>

#include "governance/application/catalogue/catalogue_view.h"
#include "governance/application/catalogue/live_topics.h"
#include "governance/application/environments.h"
#include "governance/application/policy_store.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct LiveTopicRoutesServices {
  application::LiveTopics& topics;
  const application::CatalogueView& view;
  const application::Environments& environments;
  const application::PolicyStore& policies;
};

std::vector<http::Route> live_topic_routes(const LiveTopicRoutesServices& services);

}  // namespace sluice::governance::interface
