// Where the catalogue is kept. Thread-safe; calls may block up to the deadline.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "governance/domain/catalogue/catalogued_topic.h"
#include "governance/domain/catalogue/declaration.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

struct CatalogueState {
  std::int64_t version = 0;  // counts the writes that changed topics
  std::map<EnvironmentName, TimePoint> synced_at;  // when each one's last complete sync ended
};

class CatalogueRepository {
 public:
  virtual ~CatalogueRepository() = default;

  virtual Result<CatalogueState> state(Deadline deadline) = 0;
  // Topics written by a version above `version`, of all environments, by (environment, name): at most
  // `limit` after the one named, none named from the start.
  virtual Result<std::vector<CataloguedTopic>> changed_since(std::int64_t version,
                                                             const EnvironmentName& after_environment,
                                                             const TopicName& after, int limit,
                                                             Deadline deadline) = 0;
  // All of the environment's, gone ones included.
  virtual Result<std::map<TopicName, CataloguedTopic>> of(const EnvironmentName& environment, Deadline deadline) = 0;
  // As one version of its own.
  virtual Status store(std::span<const CataloguedTopic> topics, Deadline deadline) = 0;
  virtual Status store_synced(const EnvironmentName& environment, TimePoint at, Deadline deadline) = 0;

  // What is declared in the environment, by name.
  virtual Result<std::map<TopicName, Declaration>> declarations(const EnvironmentName& environment,
                                                                Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
