// audit_bench <postgres url> [records]: fills the trail of a database of its own, verifies it, and
// measures what a record costs a transaction. Ratios travel, figures don't.
#include <atomic>
#include <charconv>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

#include "audit/application/verify_chains.h"
#include "audit/infrastructure/sql_audit_trail.h"
#include "audit/infrastructure/sql_records.h"
#include "db/migrations.h"
#include "platform/core/id_source.h"
#include "platform/postgres/connection.h"
#include "platform/postgres/database.h"
#include "platform/postgres/pool.h"
#include "platform/sql/migrator.h"

namespace sluice {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::seconds kMeasured{4};
constexpr std::size_t kWriters = 16;

Deadline later() { return Deadline::after(std::chrono::minutes{30}); }
double seconds_since(SteadyClock::time_point begin) {
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

audit::contract::Entry entry_of(std::size_t i) {
  audit::contract::Entry entry;
  entry.environment = "prod";
  entry.action = "topic.alter";
  entry.target = "topic";
  entry.name = fmt::format("prod.orders.events-{}", i % 5'000);
  entry.change_id = fmt::format("OPS-{}", i / 100);
  entry.actor = {"token:ci-orders", "kim@example.com", "lee@example.com", "t0123456789"};
  entry.request_id = "0193f5c2-7a1e-7000-8000-000000000001";
  entry.before = {{"partitions", 8}, {"config", {{"retention.ms", "604800000"}, {"cleanup.policy", "delete"}}}};
  entry.after = {{"partitions", 12}, {"config", {{"retention.ms", "1209600000"}, {"cleanup.policy", "delete"}}}};
  return entry;
}

std::vector<audit::contract::Entry> entries(std::size_t from, std::size_t count) {
  std::vector<audit::contract::Entry> list;
  for (std::size_t i = 0; i < count; ++i) list.push_back(entry_of(from + i));
  return list;
}

class BenchDatabase {
 public:
  explicit BenchDatabase(std::string url) : server_(std::move(url)), name_("bench_" + random_hex(6)) {
    administer("CREATE DATABASE " + name_);
    postgres::PoolOptions options;
    options.connection.url = server_.substr(0, server_.find_last_of('/') + 1) + name_;
    options.connection.role = "bench";
    options.connection.statement_timeout = std::chrono::minutes{10};
    options.max_connections = kWriters + 1;
    pool_ = std::make_unique<postgres::Pool>(options);
    database_ = std::make_unique<postgres::Database>(*pool_);
    auto migrations = sql::parse_migrations(db::migrations(), sql::Dialect::kPostgres).value();
    (void)sql::Migrator(*database_, std::move(migrations), clock_).up(later()).value();
    (void)database_->execute("CREATE TABLE bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text)").value();
  }
  ~BenchDatabase() { administer("DROP DATABASE " + name_ + " WITH (FORCE)"); }
  BenchDatabase(const BenchDatabase&) = delete;
  BenchDatabase& operator=(const BenchDatabase&) = delete;
  sql::Database& database() { return *database_; }

 private:
  void administer(const std::string& statement) {
    postgres::ConnectionOptions options;
    options.url = server_;
    options.statement_timeout = std::chrono::seconds{60};
    (void)postgres::Connection::open(options, later()).value()->run_script(statement, later()).value();
  }
  const SystemClock clock_;
  std::string server_;
  std::string name_;
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<postgres::Database> database_;
};

template <typename Turn>
double per_second(std::size_t writers, Turn&& turn) {
  std::atomic<std::int64_t> done{0};
  const auto begin = SteadyClock::now();
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < writers; ++i) {
      threads.emplace_back([&] {
        while (SteadyClock::now() - begin < kMeasured) {
          if (turn()) ++done;
        }
      });
    }
  }
  return static_cast<double>(done.load()) / seconds_since(begin);
}

void measure_commits(BenchDatabase& bench, audit::infrastructure::SqlAuditTrail& trail) {
  constexpr std::string_view kBare = "INSERT INTO bare (text) VALUES ($1)";
  const std::string text(300, 'x');
  const auto one = entries(0, 1);
  for (const std::size_t writers : {std::size_t{1}, kWriters}) {
    const double bare = per_second(writers, [&] { return bench.database().execute(kBare, {text}).has_value(); });
    const double with = per_second(writers, [&] {
      return bench.database()
          .transaction([&](sql::Session& session) -> Status {
            SLUICE_CHECK(session.execute(kBare, {text}));
            return trail.append(session, one);
          })
          .has_value();
    });
    fmt::print("commits/s, {:>2} writers, one chain: bare insert {:.0f}, with a record {:.0f} ({:.2f})\n", writers, bare,
               with, with / bare);
  }
  const auto many = entries(0, 500);
  const auto begin = SteadyClock::now();
  constexpr int kTurns = 20;
  for (int i = 0; i < kTurns; ++i) (void)trail.record(many, later());
  fmt::print("500 records in one transaction: {:.1f} ms\n", seconds_since(begin) * 1'000 / kTurns);
}

int run(const std::string& url, std::size_t records) {
  BenchDatabase bench(url);
  const SystemClock clock;
  audit::infrastructure::SqlAuditTrail trail(bench.database(), clock);
  measure_commits(bench, trail);

  audit::infrastructure::SqlRecords source(bench.database());
  auto begin = SteadyClock::now();
  const auto have = static_cast<std::size_t>(source.heads(later()).value().at(0).seq);
  for (std::size_t i = have; i < records; i += 1'000) (void)trail.record(entries(i, std::min<std::size_t>(1'000, records - i)), later());
  fmt::print("filled up to {} records in {:.1f} s\n", records, seconds_since(begin));

  begin = SteadyClock::now();
  const double cpu = cpu_seconds();
  const auto verdict = audit::application::verify_chains(source, nullptr, later()).value();
  const double took = seconds_since(begin);
  fmt::print("verified {} records: {:.2f} s ({:.0f}/s), {:.2f} s of our CPU; {}\n", verdict.chains.at(0).records, took,
             static_cast<double>(verdict.chains.at(0).records) / took, cpu_seconds() - cpu,
             verdict.whole() ? "whole" : verdict.chains.at(0).fault->message);
  return verdict.whole() ? 0 : 1;
}

}  // namespace
}  // namespace sluice

int main(int argc, char** argv) {
  std::size_t records = 1'000'000;
  if (argc == 3) {
    const std::string_view text = argv[2];
    std::from_chars(text.data(), text.data() + text.size(), records);
  }
  if (argc < 2) return 2;
  return sluice::run(argv[1], records);
}
