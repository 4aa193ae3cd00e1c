// G3, G10: the trail on PostgreSQL and SQLite. Nothing but adding, in one transaction with what it is
// about, whole chains whoever writes at the same time.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "audit_fixture.h"

namespace sluice::test {
namespace {

using audit::contract::Outcome;
using audit::domain::RecordFilter;
using audit::domain::RecordOrder;

template <typename Store>
class AuditTrailTest : public AuditTest<Store> {};
TYPED_TEST_SUITE(AuditTrailTest, BothDatabases);

TYPED_TEST(AuditTrailTest, KeepsEveryFieldAsItWasTold) {
  auto& store = this->store_;
  store.record({an_awkward_entry("prod"), an_entry("prod", "prod.orders")});
  const auto records = store.records().page({}, RecordOrder::kChain, std::nullopt, 10, soon()).value();
  ASSERT_EQ(records.size(), 2U);
  const auto entry = an_awkward_entry("prod");
  const auto& first = records[0];
  EXPECT_EQ(first.seq, 1);
  EXPECT_EQ(first.prev, audit::domain::kNoHash);
  EXPECT_EQ(first.hash, audit::domain::hash_of(first));
  EXPECT_EQ(first.at, TimePoint{std::chrono::seconds{1'790'000'000}});
  EXPECT_EQ(first.action, entry.action);
  EXPECT_EQ(first.target, entry.target);
  EXPECT_EQ(first.name, entry.name);
  EXPECT_EQ(first.change_id, entry.change_id);
  EXPECT_EQ(first.actor, entry.actor);
  EXPECT_EQ(first.request_id, entry.request_id);
  EXPECT_EQ(first.outcome, "refused");
  EXPECT_EQ(first.before, R"({"a":"x,\"at\":\"2026\"","z":[1,2.5,null,true]})");
  EXPECT_EQ(first.after, R"("just a text")");
  EXPECT_EQ(first.detail, entry.detail);
  EXPECT_EQ(records[1].prev, first.hash);
  EXPECT_TRUE(store.verify().whole());
}

TYPED_TEST(AuditTrailTest, AChainOfItsOwnForEachEnvironment) {
  auto& store = this->store_;
  store.record({an_entry("prod", "a"), an_entry("-", "b"), an_entry("prod", "c"), an_entry("dev", "d")});
  const auto verdict = store.verify();
  ASSERT_EQ(verdict.chains.size(), 3U);
  EXPECT_TRUE(verdict.whole());
  EXPECT_EQ(verdict.chains[0].environment, "-");
  EXPECT_EQ(verdict.chains[2].environment, "prod");
  EXPECT_EQ(verdict.chains[2].records, 2);
}

TYPED_TEST(AuditTrailTest, TextsThatNoDatabaseTakesAreKeptAsEscapesAndHugeStatesAsDigests) {
  auto& store = this->store_;
  auto entry = an_entry("prod", std::string("nul\0\xff", 5));
  entry.detail = std::string(100'000, 'x');
  entry.after = std::string(300 * 1024, 'y');
  store.record({entry});
  const auto records = store.records().page({}, RecordOrder::kChain, std::nullopt, 10, soon()).value();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].name.find('\0'), std::string::npos);
  EXPECT_TRUE(records[0].name.starts_with("nul"));
  EXPECT_LT(records[0].detail.size(), 10'000U);
  EXPECT_TRUE(records[0].after.starts_with(R"({"bytes":)")) << records[0].after.substr(0, 100);
  EXPECT_TRUE(store.verify().whole());
}

TYPED_TEST(AuditTrailTest, ARolledBackTransactionLeavesNothing) {
  auto& store = this->store_;
  store.record({an_entry("prod", "kept")});
  const auto failed = store.database().transaction([&](sql::Session& session) -> Status {
    SLUICE_CHECK(store.trail().append(session, entries("prod", 30)));
    return Error{ErrorKind::kConflict, "test.no", "changed our mind", "", {}};
  });
  ASSERT_FALSE(failed);
  store.record({an_entry("prod", "kept, too")});
  const auto verdict = store.verify();
  EXPECT_TRUE(verdict.whole());
  ASSERT_EQ(verdict.chains.size(), 1U);
  EXPECT_EQ(verdict.chains[0].records, 2);
}

TYPED_TEST(AuditTrailTest, FiveHundredEntriesInOneTransactionFollowOnFromEachOther) {
  auto& store = this->store_;
  store.record(entries("prod", 500));
  const auto verdict = store.verify();
  EXPECT_TRUE(verdict.whole());
  EXPECT_EQ(verdict.chains.at(0).records, 500);
}

TYPED_TEST(AuditTrailTest, WritersInSeveralEnvironmentsKeepTheChainsWhole) {
  auto& store = this->store_;
  constexpr int kWriters = 8;
  constexpr int kTurns = 20;
  std::atomic<int> failures{0};
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&, writer] {
        for (int turn = 0; turn < kTurns; ++turn) {
          // In an order of environments that differs from writer to writer.
          const std::string a = fmt::format("env{}", (writer + turn) % 3);
          const std::string b = fmt::format("env{}", (writer + turn + 1 + writer % 2) % 3);
          if (!store.trail().record(std::vector{an_entry(a, "x"), an_entry(b, "y")}, soon())) ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  const auto verdict = store.verify();
  EXPECT_TRUE(verdict.whole());
  std::int64_t records = 0;
  for (const auto& chain : verdict.chains) records += chain.records;
  EXPECT_EQ(records, std::int64_t{kWriters} * kTurns * 2);
}

TYPED_TEST(AuditTrailTest, NothingCanBeChangedOrTakenAway) {
  auto& store = this->store_;
  store.record(entries("prod", 3));
  std::vector<std::string> forbidden{"UPDATE audit_records SET actor = 'somebody else' WHERE seq = 2",
                                     "UPDATE audit_records SET detail = detail",
                                     "DELETE FROM audit_records WHERE seq = 3",
                                     "DELETE FROM audit_chains",
                                     "UPDATE audit_chains SET seq = 2",
                                     "UPDATE audit_chains SET environment = 'dev', seq = 9"};
  if (TypeParam::kPostgres) {
    forbidden.insert(forbidden.end(), {"TRUNCATE audit_records", "TRUNCATE audit_chains"});
  } else {
    forbidden.emplace_back("INSERT OR REPLACE INTO audit_records SELECT environment, seq, prev_hash, hash, at_ms,"
                           " 'other', target, name, change_id, actor, actor_owner, actor_issuer, token_id,"
                           " request_id, outcome, state_before, state_after, detail FROM audit_records WHERE seq = 1");
  }
  for (const std::string& statement : forbidden) {
    const auto done = store.database().execute(statement);
    ASSERT_FALSE(done) << statement;
    EXPECT_EQ(done.error().code, "sql.constraint-violation") << statement << ": " << done.error().describe();
  }
  EXPECT_TRUE(store.verify().whole());
}

TYPED_TEST(AuditTrailTest, PagesThroughBothOrdersWithoutLossOrRepetition) {
  auto& store = this->store_;
  store.record(entries("prod", 7));
  store.record(entries("dev", 5));
  store.record(entries("prod", 4));
  for (const auto order : {RecordOrder::kNewest, RecordOrder::kChain}) {
    std::vector<audit::domain::Record> seen;
    std::optional<audit::domain::RecordPlace> after;
    for (;;) {
      const auto page = store.records().page({}, order, after, 3, soon()).value();
      seen.insert(seen.end(), page.begin(), page.end());
      if (page.size() < 3) break;
      after = audit::domain::place_of(page.back());
    }
    ASSERT_EQ(seen.size(), 16U);
    const auto sorted = [order](const auto& a, const auto& b) {
      if (order == RecordOrder::kChain) return std::tie(a.environment, a.seq) < std::tie(b.environment, b.seq);
      return std::tie(a.at, a.environment, a.seq) > std::tie(b.at, b.environment, b.seq);
    };
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end(), sorted));
    EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  }
}

TYPED_TEST(AuditTrailTest, FiltersByEachField) {
  auto& store = this->store_;
  store.record({an_entry("prod", "a"), an_awkward_entry("dev"), an_entry("dev", "a")});
  store.record({an_entry("prod", "b")});
  const auto late = TimePoint{std::chrono::seconds{1'790'000'000}} + std::chrono::milliseconds{7};
  const auto awkward = an_awkward_entry("dev");
  struct Case {
    const char* what;
    RecordFilter filter;
    std::size_t expected;
  };
  std::vector<Case> cases(9);
  cases[0] = {"nothing", {}, 4};
  cases[1].filter.environment = "prod", cases[1].expected = 2;
  cases[2].filter.name = "a", cases[2].expected = 2;
  cases[3].filter.change_id = awkward.change_id, cases[3].expected = 1;
  cases[4].filter.actor = "kim@example.com", cases[4].expected = 3;
  cases[5].filter.outcome = "refused", cases[5].expected = 1;
  cases[6].filter.from = late, cases[6].expected = 1;
  cases[7].filter.to = late, cases[7].expected = 3;
  cases[8].filter.action = "topic.alter", cases[8].filter.target = "topic", cases[8].expected = 1;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(store.records().page(cases[i].filter, RecordOrder::kNewest, std::nullopt, 10, soon()).value().size(),
              cases[i].expected)
        << i;
  }
}

}  // namespace
}  // namespace sluice::test
