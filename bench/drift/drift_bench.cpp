// Drift over 10,000 declared topics: a whole request to a running `sluice serve`, against the same
// describes made straight on librdkafka, in turns on the same broker.
//   drift_bench <bootstrap servers> <Sluice's URL> <database URL>      the token is in SLUICE_TOKEN
// Exit code 1 when the bound is missed or an answer is not the expected one.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "bare_requests.h"
#include "governance/infrastructure/catalogue/sql_declarations.h"
#include "platform/http/client.h"
#include "platform/kafka/admin.h"
#include "platform/postgres/database.h"
#include "platform/postgres/pool.h"
#include "timing.h"

namespace {

using namespace sluice;
using bench::median;
using bench::milliseconds;
namespace domain = governance::domain;

constexpr double kMaxRatio = 1.5;
constexpr int kWarmUps = 1;
constexpr int kRounds = 7;
constexpr int kTopics = 10'000;
constexpr int kDrifted = 100;  // declared otherwise than they are
constexpr std::size_t kBatch = 500;
constexpr const char* kRetention = "86400000";

Deadline soon() { return Deadline::after(std::chrono::minutes{5}); }

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "drift_bench: {}\n", what);
  std::exit(1);
}

template <typename T, typename F>
void in_batches(std::span<const T> all, const F& take) {
  for (std::size_t begin = 0; begin < all.size(); begin += kBatch) {
    take(all.subspan(begin, std::min(kBatch, all.size() - begin)));
  }
}

void create(kafka::Admin& admin, std::span<const std::string> names) {
  in_batches(names, [&](std::span<const std::string> some) {
    std::vector<kafka::NewTopic> topics;
    for (const auto& name : some) topics.push_back({name, 1, 1, {{"retention.ms", kRetention}}});
    for (const auto& made : admin.create_topics(topics, kafka::ValidateOnly::kNo, soon())) {
      if (!made && made.error().code != "kafka.topic-already-exists") fail(made.error().describe());
    }
  });
}

// The topics' ids, when all of them can be read.
std::vector<std::string> ids_of(kafka::Admin& admin, std::span<const std::string> names) {
  std::vector<std::string> ids;
  const auto visible = kafka::await(
      [&]() -> Result<bool> {
        ids.clear();
        for (const auto& found : admin.describe_topics(names, soon())) ids.push_back(found ? found->topic_id : "");
        return std::ranges::count(ids, "") == 0;
      },
      soon());
  if (!visible) fail(visible.error().describe());
  return ids;
}

void declare(sql::Database& database, std::span<const std::string> names, std::span<const std::string> ids) {
  std::vector<domain::PlannedItem> items(names.size());
  std::vector<governance::infrastructure::AppliedItem> applied;
  for (std::size_t i = 0; i < names.size(); ++i) {
    items[i].name = domain::TopicName{names[i]};
    const bool drifted = i % (kTopics / kDrifted) == 0;
    items[i].declared = {1, 1, {{"retention.ms", drifted ? "1000" : kRetention}}, {}};
    applied.push_back({&items[i], {domain::EnvironmentName{"dev"}, domain::ChangeId{"bench"}, 1, ids[i],
                                   SystemClock().now()}});
  }
  in_batches(std::span<const governance::infrastructure::AppliedItem>(applied), [&](const auto some) {
    const Status stored = database.transaction(
        [&](sql::Session& session) { return governance::infrastructure::record_declarations(session, some); });
    if (!stored) fail(stored.error().describe());
  });
}

http::ClientRequest drift_request(const std::string& url) {
  const char* token = std::getenv("SLUICE_TOKEN");
  if (token == nullptr) fail("SLUICE_TOKEN is not set");
  http::ClientRequest request;
  request.url = url + "/v1/drift?env=dev";
  request.headers.set("authorization", std::string("Bearer ") + token);
  request.headers.set("x-request-id", "bench");
  return request;
}

void expect_drift(const Result<http::ClientResponse>& answer) {
  if (!answer) fail(answer.error().describe());
  if (answer->status != 200) fail(answer->body.substr(0, 2'000));
  const auto drift = nlohmann::json::parse(answer->body);
  if (drift["declared"] != kTopics || drift["drifted"].size() != kDrifted) fail("not the expected drift");
}

void prepare(const std::string& bootstrap, const std::string& database_url, std::span<const std::string> names) {
  metrics::Registry metrics;
  auto admin =
      kafka::Admin::open({.properties = {{"bootstrap.servers", bootstrap}}, .role = "bench", .metrics = metrics});
  if (!admin) fail(admin.error().describe());
  create(**admin, names);
  const auto ids = ids_of(**admin, names);
  postgres::PoolOptions options;
  options.connection.url = database_url;
  options.connection.role = "bench";
  postgres::Pool pool(options);
  postgres::Database database(pool);
  declare(database, names, ids);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) fail("usage: drift_bench <bootstrap servers> <URL> <database URL>");
  std::vector<std::string> names;
  for (int i = 0; i < kTopics; ++i) names.push_back(fmt::format("dev.bench.drift-{:05}", i));
  prepare(argv[1], argv[3], names);
  const auto request = drift_request(argv[2]);
  http::Client client;
  bench::BareRequests bare(argv[1]);
  std::vector<double> bare_times;
  std::vector<double> our_times;
  int requests = 0;
  for (int round = -kWarmUps; round < kRounds; ++round) {
    const double bare_time = milliseconds([&] { requests = bare.describe(names); });
    Result<http::ClientResponse> answer = http::ClientResponse{};
    const double our_time = milliseconds([&] { answer = client.send(request, soon()); });
    expect_drift(answer);
    if (round < 0) continue;
    bare_times.push_back(bare_time);
    our_times.push_back(our_time);
  }
  const double ratio = median(our_times) / median(bare_times);
  fmt::print("{:<34} bare {:.0f} ms ({} requests)   ours {:.0f} ms   ratio {:.2f} (at most {})\n",
             "drift over 10,000 topics", median(bare_times), requests, median(our_times), ratio, kMaxRatio);
  return ratio <= kMaxRatio ? 0 : 1;
}
