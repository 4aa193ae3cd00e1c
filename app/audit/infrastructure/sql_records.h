// The audit trail's readers: pages of records, the chains' heads, and every record for a verification.
#pragma once

#include "audit/domain/repository/chain_store.h"
#include "audit/domain/repository/record_repository.h"
#include "platform/sql/database.h"

namespace sluice::audit::infrastructure {

class SqlRecords final : public domain::RecordRepository, public domain::ChainHeads, public domain::ChainSource {
 public:
  // `database` must outlive it.
  explicit SqlRecords(sql::Database& database) : database_(database) {}

  Result<std::vector<domain::Record>> page(const domain::RecordFilter& filter, domain::RecordOrder order,
                                           const std::optional<domain::RecordPlace>& after, std::size_t limit,
                                           Deadline deadline) override;
  Result<std::vector<domain::CheckpointRef>> heads(Deadline deadline) override;
  Result<std::optional<std::string>> hash_at(std::string_view environment, std::int64_t seq,
                                             Deadline deadline) override;
  // PostgreSQL: its system identifier and timeline. SQLite has none to tell: always "sqlite".
  Result<std::string> origin(Deadline deadline) override;
  // In one snapshot; on SQLite nobody writes meanwhile.
  Status read(domain::ChainVisitor& visitor, Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace sluice::audit::infrastructure
