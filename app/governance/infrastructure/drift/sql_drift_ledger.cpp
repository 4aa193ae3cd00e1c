#include "governance/infrastructure/drift/sql_drift_ledger.h"

namespace sluice::governance::infrastructure {
namespace {

// The row is there before it is compared: of two processes that see the same drift at once, the second
// one waits and finds it told.
constexpr std::string_view kBegin = R"(
INSERT INTO governance_drift (environment, digest, drifted, checked_at_ms) VALUES ($1, '', 0, 0)
ON CONFLICT (environment) DO NOTHING)";

constexpr std::string_view kChange = R"(
UPDATE governance_drift SET digest = $2, drifted = $3, checked_at_ms = $4
 WHERE environment = $1 AND digest <> $2 AND (drifted > 0 OR $3 > 0))";

constexpr std::string_view kTouch = "UPDATE governance_drift SET digest = $2, checked_at_ms = $3 WHERE environment = $1";

}  // namespace

Result<bool> SqlDriftLedger::note(const application::DriftNote& note,
                                  const notify::contract::Notification& notification, Deadline deadline) {
  const auto drifted = static_cast<std::int64_t>(note.drifted);
  return database_.transaction(
      [&](sql::Session& session) -> Result<bool> {
        SLUICE_TRY(const auto begun, session.execute(kBegin, {note.environment.str()}));
        (void)begun;
        SLUICE_TRY(const auto changed,
                   session.execute(kChange, {note.environment.str(), note.digest, drifted, note.at}));
        if (changed == 0) {
          SLUICE_TRY(const auto touched, session.execute(kTouch, {note.environment.str(), note.digest, note.at}));
          (void)touched;
          return false;
        }
        SLUICE_CHECK(queue_.enqueue(session, notification));
        return true;
      },
      {.deadline = deadline});
}

}  // namespace sluice::governance::infrastructure
