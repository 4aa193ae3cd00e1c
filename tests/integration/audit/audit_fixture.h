// The trail on a fresh database of either kind, with what verifies it; and a hand that may do what no
// caller may: change the tables behind the triggers.
#pragma once

#include <gtest/gtest.h>

#include "audit/application/verify_chains.h"
#include "audit/infrastructure/sql_audit_trail.h"
#include "audit/infrastructure/sql_records.h"
#include "support/audit_entries.h"
#include "support/migrated_database.h"

namespace sluice::test {

inline Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

template <sql::Dialect dialect>
class AuditStore {
 public:
  static constexpr bool kPostgres = dialect == sql::Dialect::kPostgres;

  sql::Database& database() { return migrated_.database(); }
  audit::infrastructure::SqlAuditTrail& trail() { return trail_; }
  audit::infrastructure::SqlRecords& records() { return records_; }
  ManualClock& clock() { return clock_; }

  void record(const std::vector<audit::contract::Entry>& entries) {
    const Status done = trail_.record(entries, soon());
    ASSERT_TRUE(done) << done.error().describe();
    clock_.advance(std::chrono::milliseconds{7});
  }

  audit::application::Verdict verify(const audit::application::Evidence* evidence = nullptr) {
    const auto verdict = audit::application::verify_chains(records_, evidence, soon());
    EXPECT_TRUE(verdict) << verdict.error().describe();
    return verdict.value_or(audit::application::Verdict{});
  }
  // The fault of one chain.
  std::optional<audit::domain::Fault> fault(const std::string& environment,
                                            const audit::application::Evidence* evidence = nullptr) {
    for (const auto& chain : verify(evidence).chains) {
      if (chain.environment == environment) return chain.fault;
    }
    ADD_FAILURE() << "no chain " << environment;
    return std::nullopt;
  }

  // As an owner of the tables could: triggers off, the statements, triggers on again.
  void tamper(const std::vector<std::string>& statements) {
    const auto done = database().transaction([&](sql::Session& session) -> Status {
      for (const std::string& statement : without_triggers()) SLUICE_CHECK(session.execute(statement));
      for (const std::string& statement : statements) {
        SLUICE_TRY(const std::int64_t changed, session.execute(statement));
        EXPECT_GT(changed, 0) << statement;
      }
      return {};
    });
    ASSERT_TRUE(done) << done.error().describe();
  }

 private:
  static std::vector<std::string> without_triggers() {
    if (kPostgres) {
      return {"ALTER TABLE audit_records DISABLE TRIGGER ALL", "ALTER TABLE audit_chains DISABLE TRIGGER ALL"};
    }
    std::vector<std::string> drops;
    for (const char* name : {"audit_records_no_update", "audit_records_no_delete", "audit_records_no_replace",
                             "audit_chains_no_delete", "audit_chains_grow"}) {
      drops.push_back(std::string("DROP TRIGGER IF EXISTS ") + name);
    }
    return drops;
  }

  ManualClock clock_{TimePoint{std::chrono::seconds{1'790'000'000}}};
  MigratedDatabase<dialect> migrated_;
  audit::infrastructure::SqlAuditTrail trail_{migrated_.database(), clock_};
  audit::infrastructure::SqlRecords records_{migrated_.database()};
};

template <typename Store>
class AuditTest : public testing::Test {
 protected:
  Store store_;
};
using BothDatabases = testing::Types<AuditStore<sql::Dialect::kPostgres>, AuditStore<sql::Dialect::kSqlite>>;

}  // namespace sluice::test
