// The REST face of topic governance: dry-run, kept plans, one topic's state.
#pragma once

#include <string>
#include <vector>

#include "governance/application/plan_topics.h"
#include "governance/application/policy_store.h"
#include "governance/domain/repository/topic_cluster.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct TopicRoutesServices {
  application::PlanTopics& planner;
  application::PolicyStore& policies;
  domain::TopicCluster& cluster;
  metrics::Registry& metrics;
  log::Logger logger;
  std::string akhq_url;                  // "https://akhq.example/ui/cluster"; empty = no deep links (G4)
  std::vector<std::string> environments;  // those that this server governs: batches for others are refused
};

std::vector<http::Route> topic_routes(const TopicRoutesServices& services);

}  // namespace sluice::governance::interface
