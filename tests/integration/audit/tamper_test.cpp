// G3: whatever somebody with all rights on the tables does to the trail, verify finds it and names the
// first wrong record. On PostgreSQL and SQLite, with checkpoints in a folder of objects.
#include <gtest/gtest.h>

#include <random>

#include <fmt/format.h>

#include "audit/application/checkpointer.h"
#include "audit/infrastructure/object_checkpoint_store.h"
#include "audit_fixture.h"
#include "platform/objects/folder_store.h"
#include "support/memory_chain.h"

namespace sluice::test {
namespace {

using audit::domain::FaultKind;

constexpr const char* kColumns[] = {"environment", "seq",          "prev_hash", "hash",     "at_ms",      "action",
                                    "target",      "name",         "change_id", "actor",    "actor_owner", "actor_issuer",
                                    "token_id",    "request_id",   "outcome",   "state_before", "state_after", "detail"};

template <typename Store>
class TamperTest : public AuditTest<Store> {
 protected:
  void SetUp() override {
    opened_ = objects::FolderStore::open(folder_.path("objects")).value();
    checkpoints_.emplace(*opened_);
    fill("prod", 12);
  }
  void fill(const std::string& environment, int count) {
    for (int i = 0; i < count; ++i) this->store_.record({an_awkward_entry(environment)});
  }
  Status sign() {
    audit::application::Checkpointer checkpointer(this->store_.records(), *checkpoints_, sign_with_word,
                                                  this->store_.clock());
    const auto done = checkpointer.run_once(soon());
    return done ? Status() : Status(Error(done.error()));
  }
  std::optional<audit::domain::Fault> fault() {
    const audit::application::Evidence evidence{*checkpoints_, verify_with_word};
    return this->store_.fault("prod", &evidence);
  }
  // Everything in `prod` again, from `from` on, with other words and hashes that are right.
  void rewrite(std::int64_t from) {
    auto records = this->store_.records().page({}, audit::domain::RecordOrder::kChain, std::nullopt, 1'000, soon()).value();
    std::vector<std::string> statements;
    std::string prev(audit::domain::kNoHash);
    for (auto& record : records) {
      if (record.seq >= from) {
        record.actor.id = "nobody";
        record.prev = prev;
        record.hash = audit::domain::hash_of(record);
        statements.push_back(fmt::format("UPDATE audit_records SET actor = 'nobody', prev_hash = '{}', hash = '{}'"
                                         " WHERE environment = 'prod' AND seq = {}",
                                         record.prev, record.hash, record.seq));
      }
      prev = record.hash;
    }
    statements.push_back(fmt::format("UPDATE audit_chains SET hash = '{}' WHERE environment = 'prod'", prev));
    this->store_.tamper(statements);
  }
  void cut_to(std::int64_t seq) {
    const auto hash = this->store_.records().hash_at("prod", seq, soon()).value().value();
    this->store_.tamper({fmt::format("DELETE FROM audit_records WHERE environment = 'prod' AND seq > {}", seq),
                         fmt::format("UPDATE audit_chains SET seq = {}, hash = '{}'", seq, hash)});
  }

  TemporaryFolder folder_;
  std::unique_ptr<objects::FolderStore> opened_;
  std::optional<audit::infrastructure::ObjectCheckpointStore> checkpoints_;
};
TYPED_TEST_SUITE(TamperTest, BothDatabases);

TYPED_TEST(TamperTest, AnUntouchedTrailIsWholeAndProven) {
  ASSERT_TRUE(this->sign());
  EXPECT_FALSE(this->fault());
  this->fill("prod", 2);
  EXPECT_FALSE(this->fault());
  EXPECT_TRUE(this->sign());
  EXPECT_TRUE(this->sign());
  EXPECT_EQ(this->checkpoints_->list("prod", 0, soon()).value().size(), 2U);
  EXPECT_EQ(this->checkpoints_->list("prod", 12, soon()).value().size(), 1U);
  EXPECT_EQ(this->checkpoints_->environments(soon()).value(), (std::vector<std::string>{"prod"}));
}

TYPED_TEST(TamperTest, AnEditOfAnyColumnIsFoundAtItsRecord) {
  for (const char* column : kColumns) {
    TypeParam store;
    for (int i = 0; i < 8; ++i) store.record({an_awkward_entry("prod")});
    const std::string name(column);
    const bool number = name == "seq" || name == "at_ms";
    const std::string value = number ? name + " + 100" : name == "outcome" ? "'done'" : name == "hash"
                              ? "'" + std::string(64, 'a') + "'" : name + " || ' '";
    store.tamper({fmt::format("UPDATE audit_records SET {} = {} WHERE seq = 5", column, value)});
    const auto fault = store.fault("prod");
    ASSERT_TRUE(fault) << column;
    EXPECT_EQ(fault->seq, 5) << column << ": " << fault->message;
  }
}

TYPED_TEST(TamperTest, EachWayToChangeTheTrailIsFound) {
  struct Case {
    const char* what;
    std::vector<std::string> statements;
    FaultKind kind;
    std::int64_t seq;
  };
  const std::string copy = "INSERT INTO audit_records SELECT environment, {}, prev_hash, hash, at_ms, action, target,"
                           " name, change_id, actor, actor_owner, actor_issuer, token_id, request_id, outcome,"
                           " state_before, state_after, detail FROM audit_records WHERE seq = {}";
  const std::vector<Case> cases{
      {"delete one", {"DELETE FROM audit_records WHERE seq = 4"}, FaultKind::kMissing, 4},
      {"delete the first", {"DELETE FROM audit_records WHERE seq = 1"}, FaultKind::kMissing, 1},
      {"delete the last", {"DELETE FROM audit_records WHERE seq = 8"}, FaultKind::kTruncated, 8},
      {"delete all", {"DELETE FROM audit_records"}, FaultKind::kTruncated, 1},
      {"swap two",
       {"UPDATE audit_records SET seq = 103 WHERE seq = 3", "UPDATE audit_records SET seq = 3 WHERE seq = 6",
        "UPDATE audit_records SET seq = 6 WHERE seq = 103"},
       FaultKind::kEdited, 3},
      {"insert at the end", {fmt::format(fmt::runtime(copy), 9, 8)}, FaultKind::kEdited, 9},
      {"insert before the first", {fmt::format(fmt::runtime(copy), "200 - 100", 8)}, FaultKind::kMissing, 9},
      {"move to another chain", {"UPDATE audit_records SET environment = 'dev' WHERE seq = 7"}, FaultKind::kMissing, 7},
      {"forget the head", {"DELETE FROM audit_chains"}, FaultKind::kHead, 1},
      {"set the head back", {"UPDATE audit_chains SET seq = 6"}, FaultKind::kHead, 7},
      {"another head", {"UPDATE audit_chains SET hash = prev_hash FROM audit_records WHERE audit_records.seq = 8"},
       FaultKind::kHead, 8},
  };
  for (const Case& one : cases) {
    TypeParam store;
    for (int i = 0; i < 8; ++i) store.record({an_awkward_entry("prod")});
    store.tamper(one.statements);
    const auto fault = store.fault("prod");
    ASSERT_TRUE(fault) << one.what;
    EXPECT_EQ(fault->kind, one.kind) << one.what << ": " << fault->message;
    EXPECT_EQ(fault->seq, one.seq) << one.what << ": " << fault->message;
  }
}

TYPED_TEST(TamperTest, ARewrittenChainIsFoundByItsCheckpoint) {
  ASSERT_TRUE(this->sign());
  this->fill("prod", 4);
  ASSERT_TRUE(this->sign());
  this->rewrite(14);
  const auto fault = this->fault();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, FaultKind::kRewritten);
  EXPECT_EQ(fault->seq, 13) << fault->message;
  this->fill("prod", 1);
  EXPECT_EQ(this->sign().error().code, "audit.chain-broken") << "nothing is signed on top of it";
}

TYPED_TEST(TamperTest, TruncationPastACheckpointIsFound) {
  ASSERT_TRUE(this->sign());
  this->cut_to(9);
  const auto fault = this->fault();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, FaultKind::kTruncated);
  EXPECT_EQ(fault->seq, 10);
}

// Design §4: a standby that took over without the newest records is a fork, not tampering. What was
// signed before says so: it was another life of the database.
TYPED_TEST(TamperTest, AFailoverThatLostRecordsIsAFork) {
  const auto head = this->store_.records().heads(soon()).value().at(0);
  audit::domain::SignedCheckpoint lost{{{"prod", head.seq + 3, std::string(64, 'e')}, this->store_.clock().now(), "before"}, {}};
  lost.signature = sign_with_word(audit::domain::statement_of(lost.checkpoint)).value();
  ASSERT_TRUE(this->checkpoints_->put(lost, soon()));
  EXPECT_EQ(this->fault()->kind, FaultKind::kForked) << "the new branch is shorter";
  this->fill("prod", 5);
  ASSERT_TRUE(this->sign()) << "a new life is signed";
  const auto fault = this->fault();
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, FaultKind::kForked) << "the same number was signed with another hash";
}

TYPED_TEST(TamperTest, EveryRandomMutationOfASingleFieldIsFound) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 15; ++round) {
    TypeParam store;
    for (int i = 0; i < 10; ++i) store.record({i % 2 == 0 ? an_awkward_entry("prod") : an_entry("prod", "x")});
    const auto seq = static_cast<std::int64_t>(random() % 10) + 1;
    const std::string column = kColumns[random() % std::size(kColumns)];
    const bool number = column == "seq" || column == "at_ms";
    std::string value = fmt::format("substr({0}, 1, {1}) || '{2}' || substr({0}, {1} + 2)", column, random() % 5, random() % 90 + 10);
    if (number) value = fmt::format("{} + {}", column, random() % 1'000 + 11);
    if (column == "outcome") value = "CASE outcome WHEN 'done' THEN 'failed' ELSE 'done' END";
    if (column == "hash") value = fmt::format("'{:064}'", random() % 1'000'000);
    store.tamper({fmt::format("UPDATE audit_records SET {} = {} WHERE seq = {}", column, value, seq)});
    const auto fault = store.fault("prod");
    ASSERT_TRUE(fault) << column << " of record " << seq;
    EXPECT_LE(fault->seq, seq + 1) << column << " of record " << seq << ": " << fault->message;
  }
}

// What no text column should hold, but SQLite's can.
TEST(SqliteTamperTest, AValueOfAnotherTypeIsAnEditAndNoError) {
  AuditStore<sql::Dialect::kSqlite> store;
  for (int i = 0; i < 5; ++i) store.record({an_entry("prod", "x")});
  store.tamper({"UPDATE audit_records SET name = CAST(name AS BLOB) WHERE seq = 3"});
  EXPECT_EQ(store.fault("prod")->seq, 3);
}

}  // namespace
}  // namespace sluice::test
