// Executions and their items as rows. All within the caller's transaction.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "governance/application/apply/execution_journal.h"
#include "governance/domain/repository/execution_progress.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

struct ExecutionKey {
  enum By : std::uint8_t { kApproval, kChange } by = kApproval;  // of a change: its newest
  std::string value;
};

Result<std::optional<domain::Execution>> read_execution(sql::Session& session, sql::Dialect dialect,
                                                        const ExecutionKey& key);
Result<std::map<domain::ChangeId, domain::ExecutionProgress>> read_progress(
    sql::Session& session, std::span<const domain::ChangeId> changes);

Status insert_items(sql::Session& session, const application::NewExecution& execution);
// INTENT, one attempt more.
Status write_intents(sql::Session& session, const std::string& execution_id,
                     std::span<const application::RecordedItem> items, TimePoint now);
Status write_outcomes(sql::Session& session, const std::string& execution_id,
                      std::span<const application::RecordedItem> items, TimePoint now);

}  // namespace sluice::governance::infrastructure
