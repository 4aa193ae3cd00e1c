// What sql::Database promises, on every database that implements it.
#include <atomic>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "platform/sql/database.h"
#include "support/test_database.h"

namespace sluice::sql {
namespace {

class SqlDatabase : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    test_database_ = test::make_test_database(GetParam());
    must(
        "CREATE TABLE items (id text NOT NULL PRIMARY KEY, amount bigint, price double precision,"
        " flag boolean, data bytea, CHECK (amount > -1000))");
  }
  Database& database() { return test_database_->database(); }
  std::int64_t must(std::string_view sql, const Params& params = {}) {
    auto count = database().execute(sql, params);
    EXPECT_TRUE(count) << (count ? "" : count.error().describe());
    return count.value_or(-1);
  }
  std::int64_t count() {
    auto rows = database().query("SELECT count(*) AS n FROM items");
    return rows ? rows->row(0).integer("n") : -1;
  }

  std::unique_ptr<test::TestDatabase> test_database_;
};

TEST_P(SqlDatabase, GivesBackEveryKindOfValue) {
  const std::string text = "日本 \" ' \\ $1 ; -- \n\t\x7f";
  const std::string bytes = std::string("\0\xff\\x'\n", 6);
  const std::vector<Params> cases{
      {text, std::numeric_limits<std::int64_t>::max(), 0.1, true, Bytes{bytes}},
      {"", std::int64_t{-999}, -1e300, false, Bytes{}},
      {"null", nullptr, nullptr, nullptr, nullptr},
      {"nothing", std::optional<std::int64_t>{}, 5e-324, std::optional<bool>{true}, nullptr}};
  for (const Params& params : cases) {
    EXPECT_EQ(must("INSERT INTO items VALUES ($1, $2, $3, $4, $5)", params), 1);
    const auto id = std::get<std::string>(params.values()[0].storage());
    const auto rows = database().query("SELECT * FROM items WHERE id = $1", {id});
    ASSERT_TRUE(rows) << rows.error().describe();
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->at(0, 0), params.values()[0]);
    EXPECT_EQ(rows->at(0, 1), params.values()[1]);
    EXPECT_EQ(rows->at(0, 2), params.values()[2]);
    EXPECT_EQ(rows->at(0, 3).is_null(), params.values()[3].is_null());
    if (!rows->at(0, 3).is_null()) {
      EXPECT_EQ(rows->row(0).boolean("flag"), params.values()[3] == Value(true));
    }
    EXPECT_EQ(rows->at(0, 4), params.values()[4]);
  }
}

TEST_P(SqlDatabase, TakesParametersInAnyOrderAndMoreThanOnce) {
  const auto rows = database().query(
      "SELECT CAST($2 AS bigint) - CAST($1 AS bigint) + CAST($2 AS bigint) AS x", {1, 10});
  ASSERT_TRUE(rows) << rows.error().describe();
  EXPECT_EQ(rows->row(0).integer("x"), 19);
}

TEST_P(SqlDatabase, OrdersTextByBytesWhereAsked) {
  for (const char* id : {"b", "A", "ä", "a", "B", "_"})
    must("INSERT INTO items (id) VALUES ($1)", {id});
  const auto rows = database().query("SELECT id FROM items ORDER BY id COLLATE \"C\"");
  ASSERT_TRUE(rows) << rows.error().describe();
  std::string order;
  for (std::size_t i = 0; i < rows->size(); ++i) order += rows->row(i).text("id");
  EXPECT_EQ(order, "AB_abä");
}

TEST_P(SqlDatabase, CountsTheRowsItChanged) {
  EXPECT_EQ(must("INSERT INTO items (id, amount) VALUES ('a', 1), ('b', 1), ('c', 2)"), 3);
  EXPECT_EQ(must("UPDATE items SET amount = 5 WHERE amount = $1", {1}), 2);
  EXPECT_EQ(must("DELETE FROM items WHERE id = 'z'"), 0);
  EXPECT_EQ(must("CREATE TABLE other (id text)"), 0);
}

struct FailureCase {
  std::string name;
  std::string sql;
  Params params;
  std::string code;
};

TEST_P(SqlDatabase, SaysWhatKindOfFailureItWas) {
  must("INSERT INTO items (id) VALUES ('a')");
  const std::vector<FailureCase> cases{
      {"duplicate", "INSERT INTO items (id) VALUES ($1)", {"a"}, "sql.unique-violation"},
      {"check",
       "INSERT INTO items (id, amount) VALUES ('b', $1)",
       {-1000},
       "sql.constraint-violation"},
      {"null", "INSERT INTO items (id) VALUES ($1)", {nullptr}, "sql.constraint-violation"},
      {"NUL", "INSERT INTO items (id) VALUES ($1)", {std::string("a\0b", 3)}, "sql.invalid-value"},
      {"not UTF-8", "INSERT INTO items (id) VALUES ($1)", {"\xc3\x28"}, "sql.invalid-value"},
      {"no table", "SELECT * FROM nowhere", {}, "sql.statement"},
      {"syntax", "SELEKT 1", {}, "sql.statement"},
      {"too few parameters", "SELECT CAST($1 AS text), CAST($2 AS text)", {"a"}, "sql.statement"},
      {"too many parameters", "SELECT CAST($1 AS text)", {"a", "b"}, "sql.statement"},
      {"two statements", "DELETE FROM items; DELETE FROM items", {}, "sql.statement"}};
  for (const FailureCase& each : cases) {
    const auto result = database().execute(each.sql, each.params);
    ASSERT_FALSE(result) << each.name;
    EXPECT_EQ(result.error().code, each.code) << each.name << ": " << result.error().describe();
  }
  EXPECT_EQ(count(), 1);
}

TEST_P(SqlDatabase, RollsBackWhenTheFunctionFails) {
  const auto result = database().transaction([](Session& session) -> Status {
    SLUICE_CHECK(session.execute("INSERT INTO items (id) VALUES ('a')"));
    return Error{ErrorKind::kConflict, "mine", "no", "", {}};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "mine");
  EXPECT_EQ(count(), 0);
}

TEST_P(SqlDatabase, DoesNotCommitAfterAFailedStatementThatTheFunctionIgnored) {
  const auto result = database().transaction([](Session& session) -> Status {
    (void)session.execute("INSERT INTO items (id) VALUES ('a')");
    (void)session.execute("INSERT INTO items (id) VALUES ('a')");
    (void)session.execute("INSERT INTO items (id) VALUES ('b')");
    return {};
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "sql.unique-violation");
  EXPECT_EQ(count(), 0);
}

TEST_P(SqlDatabase, KeepsIncrementsOfConcurrentTransactions) {
  must("INSERT INTO items (id, amount) VALUES ('n', 0)");
  std::atomic<int> failures{0};
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        TransactionOptions options;
        options.isolation = Isolation::kSerializable;
        options.max_attempts = 1000;
        options.deadline = Deadline::after(std::chrono::seconds{60});
        const auto done = database().transaction(
            [](Session& session) -> Status {
              SLUICE_TRY(const Rows rows, session.query("SELECT amount FROM items WHERE id = 'n'"));
              SLUICE_CHECK(session.execute("UPDATE items SET amount = $1 WHERE id = 'n'",
                                           {rows.row(0).integer("amount") + 1}));
              return {};
            },
            options);
        if (!done) ++failures;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(failures, 0);
  const auto rows = database().query("SELECT amount FROM items WHERE id = 'n'");
  EXPECT_EQ(rows->row(0).integer("amount"), 40);
}

TEST_P(SqlDatabase, InterruptsAStatementAtTheDeadlineAndGoesOn) {
  TransactionOptions options;
  options.deadline = Deadline::after(std::chrono::milliseconds{200});
  const auto endless = database().query(
      "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 1000000000)"
      " SELECT count(*) AS n FROM r",
      {}, options);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().code, "sql.timeout");
  EXPECT_EQ(count(), 0);
}

TEST_P(SqlDatabase, ReportsColumnsThatAreNotWhatTheProgramThinks) {
  must("INSERT INTO items (id, amount) VALUES ('a', NULL)");
  const auto rows = database().query("SELECT * FROM items");
  Row row = rows->row(0);
  EXPECT_EQ(row.text("id"), "a");
  EXPECT_EQ(row.optional_integer("amount"), std::nullopt);
  EXPECT_TRUE(row.status());
  EXPECT_EQ(row.integer("amount"), 0);
  EXPECT_EQ(row.text("nowhere"), "");
  ASSERT_FALSE(row.status());
  EXPECT_EQ(row.status().error().message, "column \"amount\" is not an integer");
}

TEST_P(SqlDatabase, Pings) {
  const auto pong = database().ping(Deadline::after(std::chrono::seconds{10}));
  EXPECT_TRUE(pong);
}

INSTANTIATE_TEST_SUITE_P(Databases, SqlDatabase,
                         testing::Values(Dialect::kSqlite, Dialect::kPostgres),
                         [](const auto& each) { return std::string(to_string(each.param)); });

}  // namespace
}  // namespace sluice::sql
