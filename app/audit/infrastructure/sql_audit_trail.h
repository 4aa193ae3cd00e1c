// The audit trail in the metadata database, one hash chain for each environment.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "audit/contract/audit_trail.h"
#include "audit/domain/record.h"
#include "platform/core/clock.h"

namespace sluice::audit::infrastructure {

class SqlAuditTrail final : public contract::AuditTrail {
 public:
  // Told what was appended, for a metric; a transaction that is rolled back or repeated afterwards is
  // not told of.
  using OnAppended = std::function<void(contract::Outcome outcome)>;

  // Everything must outlive the trail.
  SqlAuditTrail(sql::Database& database, const Clock& clock, OnAppended on_appended = {});

  // Three statements for a handful of entries; 500 cost 16. Texts that no database takes are written
  // as escapes, those that are too long are cut, a state of more than 256 KiB is kept as its digest.
  Status append(sql::Session& session, std::span<const contract::Entry> entries) override;
  Status record(std::span<const contract::Entry> entries, Deadline deadline) override;

 private:
  struct Head {
    std::int64_t seq = 0;
    std::string hash;
  };
  Result<Head> lock_chain(sql::Session& session, const std::string& environment);
  Status append_to_chain(sql::Session& session, const std::string& environment,
                         std::span<const contract::Entry* const> entries);
  Status insert(sql::Session& session, std::span<const domain::Record> records);

  // Rows of one INSERT. Few sizes: each is a statement that connections keep prepared.
  static constexpr std::array<std::size_t, 3> kBatches{128, 16, 1};

  sql::Database& database_;
  const Clock& clock_;
  const OnAppended on_appended_;
  std::array<std::string, kBatches.size()> insert_;
};

}  // namespace sluice::audit::infrastructure
