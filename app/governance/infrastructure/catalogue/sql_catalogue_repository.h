// The catalogue in the metadata database, PostgreSQL or SQLite alike (tables governance_catalogue…
// and governance_declarations).
#pragma once

#include "governance/domain/repository/catalogue_repository.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlCatalogueRepository final : public domain::CatalogueRepository {
 public:
  explicit SqlCatalogueRepository(sql::Database& database) : database_(database) {}

  Result<domain::CatalogueState> state(Deadline deadline) override;
  Result<std::vector<domain::CataloguedTopic>> changed_since(std::int64_t version,
                                                             const domain::EnvironmentName& after_environment,
                                                             const domain::TopicName& after, int limit,
                                                             Deadline deadline) override;
  Result<std::map<domain::TopicName, domain::CataloguedTopic>> of(const domain::EnvironmentName& environment,
                                                                  Deadline deadline) override;
  Status store(std::span<const domain::CataloguedTopic> topics, Deadline deadline) override;
  Status store_synced(const domain::EnvironmentName& environment, TimePoint at, Deadline deadline) override;
  Result<std::vector<domain::TopicGroups>> groups_changed_since(std::int64_t version,
                                                                const domain::EnvironmentName& after_environment,
                                                                const domain::TopicName& after, int limit,
                                                                Deadline deadline) override;
  Result<std::map<domain::TopicName, std::vector<domain::GroupLag>>> groups_of(
      const domain::EnvironmentName& environment, Deadline deadline) override;
  // Many at once are several versions.
  Status store_groups(std::span<const domain::TopicGroups> topics, Deadline deadline) override;
  Status store_groups_read(const domain::EnvironmentName& environment, const domain::ConsumptionRead& read,
                           Deadline deadline) override;
  Result<std::int64_t> forget_gone(const domain::EnvironmentName& environment, TimePoint before,
                                   Deadline deadline) override;
  Result<std::map<domain::TopicName, domain::Declaration>> declarations(
      const domain::EnvironmentName& environment, Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace sluice::governance::infrastructure
