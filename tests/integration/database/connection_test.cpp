#include <gtest/gtest.h>

#include <limits>

#include "integration/database/postgres_fixture.h"
#include "platform/postgres/copy_writer.h"

namespace sluice::postgres {
namespace {

class PostgresConnection : public OnPostgres {};

TEST_F(PostgresConnection, SetsTheSessionsLimits) {
  ConnectionOptions options = server_.pool_options().connection;
  options.role = "issuer";
  options.schema = "we\"ird";
  const auto connection = Connection::open(options, soon()).value();
  const auto setting = [&](const std::string& name) {
    return std::string(connection->run_script("SHOW " + name, soon()).value().text(0, 0));
  };
  EXPECT_EQ(setting("application_name"), "sluice/issuer");
  EXPECT_EQ(setting("search_path"), "\"we\"\"ird\"");
  EXPECT_EQ(setting("statement_timeout"), "5s");
  EXPECT_EQ(setting("lock_timeout"), "2s");
  EXPECT_EQ(setting("idle_in_transaction_session_timeout"), "10s");
  EXPECT_EQ(setting("client_connection_check_interval"), "1s");
}

TEST_F(PostgresConnection, PreparesAStatementOnceForTheSameTypes) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(admin_->execute("SELECT $1", *Arguments::from({i}), soon()));
    ASSERT_TRUE(admin_->execute("SELECT $1", *Arguments::from({"text"}), soon()));
  }
  EXPECT_EQ(ask("SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1'"), "2");
}

TEST_F(PostgresConnection, KeepsABoundedNumberOfPreparedStatements) {
  for (int i = 0; i < 300; ++i) ask("SELECT " + std::to_string(i));
  EXPECT_EQ(ask("SELECT count(*) <= 129 FROM pg_prepared_statements"), "t");
  EXPECT_EQ(ask("SELECT 0"), "0") << "one that had made room";
}

TEST_F(PostgresConnection, TellsTheConstraintAndKeepsTheDetailForItself) {
  ask("CREATE TABLE t (secret text CONSTRAINT only_once UNIQUE)");
  ask("INSERT INTO t VALUES ('hunter2')");
  const auto failed = admin_->execute("INSERT INTO t VALUES ('hunter2')", {}, soon());
  ASSERT_FALSE(failed);
  EXPECT_NE(failed.error().message.find("only_once"), std::string::npos);
  EXPECT_EQ(failed.error().describe().find("hunter2"), std::string::npos);
  ASSERT_TRUE(admin_->last_error());
  EXPECT_EQ(admin_->last_error()->sqlstate, "23505");
  EXPECT_EQ(admin_->last_error()->constraint, "only_once");
  EXPECT_TRUE(admin_->usable());
}

TEST_F(PostgresConnection, BlamesAMissingPartitionOnTheEnvironment) {
  ask("CREATE TABLE p (day date NOT NULL) PARTITION BY RANGE (day)");
  ASSERT_FALSE(admin_->execute("INSERT INTO p VALUES ('2026-01-01')", {}, soon()));
  EXPECT_EQ(classify(*admin_->last_error()), FailureClass::kEnvironment);
}

TEST_F(PostgresConnection, RunsABatchInOneRoundTripEvenWhenBothDirectionsAreFull) {
  std::vector<Statement> batch;
  const std::string filler(10'000, 'x');
  for (int i = 0; i < 1'000; ++i) {
    batch.push_back({"SELECT $1::bigint, $2::text", *Arguments::from({i, filler})});
  }
  const auto results = admin_->pipeline(batch, soon());
  ASSERT_TRUE(results) << results.error().describe();
  ASSERT_EQ(results->size(), batch.size());
  for (std::size_t i = 0; i < results->size(); ++i) {
    EXPECT_EQ((*results)[i].text(0, 0), std::to_string(i));
    EXPECT_EQ((*results)[i].text(0, 1).size(), filler.size());
  }
}

TEST_F(PostgresConnection, RollsBackAFailedBatchAndStaysUsable) {
  ask("CREATE TABLE t (x bigint CHECK (x < 3))");
  std::vector<Statement> batch;
  for (int i = 0; i < 5; ++i) batch.push_back({"INSERT INTO t VALUES ($1)", *Arguments::from({i})});
  const auto results = admin_->pipeline(batch, soon());
  ASSERT_FALSE(results);
  EXPECT_EQ(results.error().code, "sql.constraint-violation");
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
  batch.resize(3);
  EXPECT_TRUE(admin_->pipeline(batch, soon()));
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "3");
}

TEST_F(PostgresConnection, PreparesWithinABatchThatCanNotBePrepared) {
  const std::vector<Statement> batch{
      {"SELECT 1", {}}, {"SELECT nothing_like_it", {}}, {"SELECT 2", {}}};
  EXPECT_EQ(admin_->pipeline(batch, soon()).error().code, "sql.statement");
  EXPECT_EQ(ask("SELECT 2"), "2");
}

TEST_F(PostgresConnection, CopiesUglyValuesInBinary) {
  ask("CREATE TABLE t (n bigint, d float8, b boolean, s text, raw bytea, j jsonb, at timestamptz,"
      " id uuid)");
  CopyWriter writer(8);
  const std::string ugly = "\\N\t\n\r\\. \"'\x01 日本 ";
  for (const auto n : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1}, std::int64_t{0},
                       std::numeric_limits<std::int64_t>::max()}) {
    writer.begin_row();
    writer.int8(n);
    writer.float8(-0.1);
    writer.boolean(n < 0);
    writer.text(ugly);
    writer.bytea(std::string("\0\xff\n", 3));
    writer.jsonb(R"({"a":[1,null,"\u00e9"]})");
    writer.timestamptz(*parse_rfc3339("1969-12-31T23:59:59.999Z"));
    ASSERT_TRUE(writer.uuid("0190163d-8694-739B-aea5-966c26f8ad91"));
  }
  writer.begin_row();
  for (int i = 0; i < 7; ++i) writer.null();
  EXPECT_FALSE(writer.uuid("not a uuid"));
  const auto copied = admin_->copy_in("COPY t FROM STDIN (FORMAT binary)", writer.finish(), soon());
  ASSERT_TRUE(copied) << copied.error().describe();
  EXPECT_EQ(*copied, 5);
  EXPECT_EQ(ask("SELECT count(*) FROM t WHERE s = $1 AND raw = $2 AND d = -0.1 AND b = (n < 0)"
                " AND j = '{\"a\":[1,null,\"é\"]}' AND id = '0190163d-8694-739b-aea5-966c26f8ad91'"
                " AND at = '1969-12-31 23:59:59.999+00'",
                {ugly, sql::Bytes{std::string("\0\xff\n", 3)}}),
            "4");
  EXPECT_EQ(ask("SELECT min(n) || ' ' || max(n) FROM t"),
            "-9223372036854775808 9223372036854775807");
  EXPECT_EQ(ask("SELECT count(*) FROM t WHERE t IS NULL"), "1");
}

TEST_F(PostgresConnection, CopiesMoreThanAnyBufferHolds) {
  ask("CREATE TABLE t (s text)");
  CopyWriter writer(1);
  const std::string row(1'000, 'y');
  for (int i = 0; i < 20'000; ++i) {
    writer.begin_row();
    writer.text(row);
  }
  EXPECT_EQ(admin_->copy_in("COPY t FROM STDIN (FORMAT binary)", writer.finish(), soon()).value(),
            20'000);
}

TEST_F(PostgresConnection, NamesTheLineThatACopyFailedAt) {
  ask("CREATE TABLE t (x bigint CHECK (x > 0))");
  CopyWriter writer(1);
  for (const int x : {5, 4, -1, 3}) {
    writer.begin_row();
    writer.int8(x);
  }
  const auto copied = admin_->copy_in("COPY t FROM STDIN (FORMAT binary)", writer.finish(), soon());
  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().code, "sql.constraint-violation");
  EXPECT_NE(admin_->last_error()->context.find("line 3"), std::string::npos)
      << admin_->last_error()->context;
  EXPECT_EQ(ask("SELECT count(*) FROM t"), "0");
}

TEST_F(PostgresConnection, RefusesACopyThatIsNone) {
  EXPECT_EQ(admin_->copy_in("COPY nowhere FROM STDIN", "", soon()).error().code, "sql.statement");
  EXPECT_EQ(ask("SELECT 1"), "1") << "still usable";
  for (const char* copy : {"SELECT 1", "COPY pg_class TO STDOUT"}) {
    const auto connection = open();
    EXPECT_EQ(connection->copy_in(copy, "", soon()).error().code, "sql.statement");
    EXPECT_FALSE(connection->usable());
  }
}

}  // namespace
}  // namespace sluice::postgres
