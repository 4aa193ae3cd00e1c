#include "governance/application/catalogue/estate.h"

#include <algorithm>

#include "governance/domain/catalogue/catalogued_topic.h"

namespace sluice::governance::application {
namespace {

// Kafka answers about 500 topics' configs in a few milliseconds; more at once only cost memory.
constexpr std::size_t kChunk = 500;

Error cancelled() {
  return {ErrorKind::kCancelled, "server.stopping", "The look at the cluster was given up: the server stops.", "", {}};
}

}  // namespace

Result<std::vector<domain::TopicName>> list_estate(const GovernedEnvironment& environment,
                                                   std::span<const domain::EnvironmentName> environments,
                                                   Deadline deadline) {
  SLUICE_CHECK(check_cluster(environment, deadline));
  SLUICE_TRY(auto names, environment.cluster->list(deadline));
  std::erase_if(names, [&](const domain::TopicName& name) {
    return !domain::belongs_to(name, environment.name, environments);
  });
  return names;
}

Status read_estate(const GovernedEnvironment& environment, std::span<const domain::TopicName> names,
                   Deadline deadline, const TakeTopics& take, const std::stop_token& stop) {
  for (std::size_t begin = 0; begin < names.size(); begin += kChunk) {
    if (stop.stop_requested()) return cancelled();
    const auto chunk = names.subspan(begin, std::min(kChunk, names.size() - begin));
    SLUICE_TRY(const domain::ClusterState state, read_state(environment, chunk, deadline));
    SLUICE_CHECK(take(chunk, state));
  }
  return {};
}

}  // namespace sluice::governance::application
