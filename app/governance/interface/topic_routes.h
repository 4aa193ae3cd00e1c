// The REST face of topic governance: dry-run and kept plans.
#pragma once

#include <vector>

#include "governance/application/environments.h"
#include "governance/application/plan_topics.h"
#include "governance/application/policy_store.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct TopicRoutesServices {
  application::PlanTopics& planner;
  const application::PolicyStore& policies;
  const application::Environments& environments;
  metrics::Registry& metrics;
  log::Logger logger;
};

std::vector<http::Route> topic_routes(const TopicRoutesServices& services);

}  // namespace sluice::governance::interface
