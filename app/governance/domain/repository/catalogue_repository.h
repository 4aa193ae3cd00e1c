// Where the catalogue is kept. Thread-safe; calls may block up to the deadline.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "governance/domain/catalogue/catalogued_topic.h"
#include "governance/domain/catalogue/consumption.h"
#include "governance/domain/catalogue/declaration.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::governance::domain {

struct CatalogueState {
  std::int64_t version = 0;  // counts the writes that changed topics or who reads them
  std::map<EnvironmentName, TimePoint> synced_at;  // when each one's last complete sync ended
  std::map<EnvironmentName, ConsumptionRead> groups_read;  // none: never
  std::map<EnvironmentName, TimePoint> forgotten_before;   // topics gone since before then are dropped
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
  // With a version of its own.
  virtual Status store(std::span<const CataloguedTopic> topics, Deadline deadline) = 0;
  virtual Status store_synced(const EnvironmentName& environment, TimePoint at, Deadline deadline) = 0;

  // Who reads topics: as changed_since, of and store.
  virtual Result<std::vector<TopicGroups>> groups_changed_since(std::int64_t version,
                                                                const EnvironmentName& after_environment,
                                                                const TopicName& after, int limit,
                                                                Deadline deadline) = 0;
  virtual Result<std::map<TopicName, std::vector<GroupLag>>> groups_of(const EnvironmentName& environment,
                                                                       Deadline deadline) = 0;
  virtual Status store_groups(std::span<const TopicGroups> topics, Deadline deadline) = 0;
  // Needs a stored sync.
  virtual Status store_groups_read(const EnvironmentName& environment, const ConsumptionRead& read,
                                   Deadline deadline) = 0;

  // Drops the topics that have been gone since before then, and who read them. Returns how many.
  virtual Result<std::int64_t> forget_gone(const EnvironmentName& environment, TimePoint before,
                                           Deadline deadline) = 0;

  // What is declared in the environment, by name.
  virtual Result<std::map<TopicName, Declaration>> declarations(const EnvironmentName& environment,
                                                                Deadline deadline) = 0;
};

}  // namespace sluice::governance::domain
