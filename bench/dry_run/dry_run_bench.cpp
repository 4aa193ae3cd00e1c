// The dry-run of 1,000 items among 2,000 topics: a whole request to a running `sluice serve`, against
// the same broker requests made straight on librdkafka, in turns on the same brokers.
//   dry_run_bench <bootstrap servers> <Sluice's URL>      the token is in SLUICE_TOKEN
// Exit code 1 when the bound is missed or an answer is not the expected one.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "bare_requests.h"
#include "platform/http/client.h"
#include "platform/kafka/admin.h"
#include "timing.h"
#include "workload.h"

namespace {

using namespace sluice;
using bench::median;
using bench::milliseconds;

constexpr double kMaxRatio = 1.5;
constexpr int kWarmUps = 3;
constexpr int kRounds = 11;
constexpr std::size_t kBatch = 500;

Deadline soon() { return Deadline::after(std::chrono::minutes{2}); }

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "dry_run_bench: {}\n", what);
  std::exit(1);
}

bool exists(const Error& error) { return error.code == "kafka.topic-already-exists"; }

void create(kafka::Admin& admin, std::span<const std::string> names) {
  std::vector<kafka::NewTopic> topics;
  for (const auto& name : names) {
    topics.push_back({name, 1, 1,
                      {{"retention.ms", bench::kRetention}, {"compression.type", bench::kCompression}}});
  }
  for (const auto& made : admin.create_topics(topics, kafka::ValidateOnly::kNo, soon())) {
    if (!made && !exists(made.error())) fail(made.error().describe());
  }
  const auto visible = kafka::await(
      [&]() -> Result<bool> {
        const auto configs = admin.describe_topic_configs(names, soon());
        return std::ranges::all_of(configs, [](const auto& found) { return found.has_value(); });
      },
      soon());
  if (!visible) fail(visible.error().describe());
}

void prepare_cluster(const std::string& bootstrap, const bench::Workload& workload) {
  metrics::Registry metrics;
  auto admin = kafka::Admin::open(
      {.properties = {{"bootstrap.servers", bootstrap}}, .role = "bench", .metrics = metrics});
  if (!admin) fail(admin.error().describe());
  const std::span all(workload.existing);
  for (std::size_t begin = 0; begin < all.size(); begin += kBatch) {
    create(**admin, all.subspan(begin, std::min(kBatch, all.size() - begin)));
  }
}

http::ClientRequest dry_run_request(const std::string& url, const bench::Workload& workload) {
  const char* token = std::getenv("SLUICE_TOKEN");
  if (token == nullptr) fail("SLUICE_TOKEN is not set");
  http::ClientRequest request;
  request.method = http::Method::kPost;
  request.url = url + "/v1/topics/batch/dry-run";
  request.headers.set("authorization", std::string("Bearer ") + token);
  request.headers.set("content-type", "application/json");
  request.headers.set("x-request-id", "bench");
  request.body = bench::to_json(workload);
  return request;
}

void expect_plan(const Result<http::ClientResponse>& answer, const bench::Workload& workload) {
  if (!answer) fail(answer.error().describe());
  if (answer->status != 200) fail(answer->body.substr(0, 2'000));
  const auto summary = nlohmann::json::parse(answer->body)["summary"];
  const auto alters = workload.more_partitions.size() + workload.other_retention.size();
  if (summary["create"] != workload.creates.size() || summary["alter"] != alters ||
      summary["block"] != 0) {
    fail("not the expected plan: " + summary.dump());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: dry_run_bench <bootstrap servers> <URL>");
  const auto workload = bench::make_workload();
  prepare_cluster(argv[1], workload);
  const auto request = dry_run_request(argv[2], workload);
  http::Client client;
  bench::BareRequests bare(argv[1]);
  std::vector<double> bare_times;
  std::vector<double> our_times;
  int requests = 0;
  for (int round = -kWarmUps; round < kRounds; ++round) {
    const double bare_time = milliseconds([&] { requests = bare.run(workload); });
    Result<http::ClientResponse> answer = http::ClientResponse{};
    const double our_time = milliseconds([&] { answer = client.send(request, soon()); });
    expect_plan(answer, workload);
    if (round < 0) continue;
    bare_times.push_back(bare_time);
    our_times.push_back(our_time);
  }
  const double ratio = median(our_times) / median(bare_times);
  fmt::print("{:<34} bare {:.0f} ms ({} requests)   ours {:.0f} ms   ratio {:.2f} (at most {})\n",
             "dry-run, 1,000 of 2,000 topics", median(bare_times), requests, median(our_times), ratio,
             kMaxRatio);
  return ratio <= kMaxRatio ? 0 : 1;
}
