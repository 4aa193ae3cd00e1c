// The catalogue as this process knows it: in memory, following the database by version. Questions are
// answered from it whether or not the database answers; synced_at says how old it is. Thread-safe.
#pragma once

#include <map>
#include <memory>

#include "governance/application/catalogue/catalogue_index.h"
#include "governance/domain/repository/catalogue_repository.h"
#include "platform/core/mutex.h"

namespace sluice::governance::application {

struct CatalogueSnapshot {
  std::shared_ptr<const CatalogueIndex> index;
  domain::CatalogueState state;
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

  domain::CatalogueRepository& catalogue_;
  Mutex refreshing_;  // held over database calls; mutex_ never is
  Rows rows_ SLUICE_GUARDED_BY(refreshing_);
  mutable Mutex mutex_;
  std::shared_ptr<const CatalogueSnapshot> current_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::governance::application
