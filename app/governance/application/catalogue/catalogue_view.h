// The catalogue as this process knows it: in memory, following the database by version. Questions are
// answered from it whether or not the database answers; synced_at says how old it is. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "governance/application/catalogue/catalogue_index.h"
#include "governance/domain/repository/catalogue_repository.h"
#include "platform/core/mutex.h"

namespace sluice::governance::application {

// Who reads which topic; the key is the environment, "/" and the name.
using GroupsByTopic = std::unordered_map<std::string, std::shared_ptr<const std::vector<domain::GroupLag>>>;

struct CatalogueSnapshot {
  std::shared_ptr<const CatalogueIndex> index;
  std::shared_ptr<const GroupsByTopic> groups;
  domain::CatalogueState state;

  // As the last look at them found it: state.groups_read says when that was.
  [[nodiscard]] const std::vector<domain::GroupLag>& groups_of(const domain::EnvironmentName& environment,
                                                               const domain::TopicName& name) const;
};

class CatalogueView {
 public:
  explicit CatalogueView(domain::CatalogueRepository& catalogue) : catalogue_(catalogue) {}

  // Takes over what has been written since the last time; blocks until the deadline at most.
  Status refresh(Deadline deadline) SLUICE_EXCLUDES(refreshing_, mutex_);
  // catalogue.not-loaded (kUnavailable) until the first refresh has succeeded.
  [[nodiscard]] Result<std::shared_ptr<const CatalogueSnapshot>> current() const SLUICE_EXCLUDES(mutex_);

 private:
  using Rows = std::map<std::pair<std::string, std::string>, TopicRow>;  // by environment and name
  Result<bool> load(std::int64_t since, Deadline deadline) SLUICE_REQUIRES(refreshing_);
  Result<bool> load_groups(std::int64_t since, Deadline deadline) SLUICE_REQUIRES(refreshing_);
  std::shared_ptr<const CatalogueIndex> make_index() const SLUICE_REQUIRES(refreshing_);
  bool forget(const domain::CatalogueState& before, const domain::CatalogueState& now) SLUICE_REQUIRES(refreshing_);

  domain::CatalogueRepository& catalogue_;
  Mutex refreshing_;  // held over database calls; mutex_ never is
  Rows rows_ SLUICE_GUARDED_BY(refreshing_);
  GroupsByTopic groups_ SLUICE_GUARDED_BY(refreshing_);
  mutable Mutex mutex_;
  std::shared_ptr<const CatalogueSnapshot> current_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::governance::application
