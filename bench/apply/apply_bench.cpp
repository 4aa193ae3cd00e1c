// Plan and apply of 1,000 creates: through a running `sluice serve`, journal, audit and all, against the
// same admin requests made straight on librdkafka, in turns on the same brokers.
//   apply_bench <bootstrap servers> <Sluice's URL>     tokens in SLUICE_TOKEN_EDITOR, SLUICE_TOKEN_APPROVER
// The bare loop makes the same calls: what a plan asks, the same once more before the apply, and the creates.
// Ours is timed from the request sent to the answer received; the bench writes and reads its JSON outside.
// Exit code 1 when the bound is missed or an answer is not the expected one.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "bare_requests.h"
#include "platform/core/id_source.h"
#include "platform/http/client.h"
#include "platform/kafka/admin.h"
#include "timing.h"
#include "workload.h"

namespace {

using namespace sluice;
using bench::median;
using bench::milliseconds;

constexpr double kMinRatio = 0.8;
constexpr int kItems = 1'000;
constexpr int kWarmUps = 1;
constexpr int kRounds = 7;

Deadline soon() { return Deadline::after(std::chrono::minutes{2}); }

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "apply_bench: {}\n", what);
  std::exit(1);
}

bench::Workload any_creates() {
  bench::Workload workload;
  const std::string run = random_hex(4);
  for (int i = 0; i < kItems; ++i) workload.items.push_back(fmt::format("dev.bench-{}.topic-{:04}", run, i));
  workload.creates = workload.items;
  return workload;
}

// Our server, as an editor and an approver see it.
class Server {
 public:
  explicit Server(std::string url) : url_(std::move(url)) {}

  static std::string batch(const bench::Workload& workload, const std::string& change) {
    nlohmann::json items = nlohmann::json::array();
    for (const auto& name : workload.items) {
      items.push_back({{"name", name},
                       {"config",
                        {{"partitions", 1},
                         {"replicationFactor", 1},
                         {"retention.ms", bench::kRetention},
                         {"compression.type", bench::kCompression}}},
                       {"metadata", {{"owner", "team-bench"}}}});
    }
    const nlohmann::json batch{
        {"kind", "TopicBatch"}, {"env", "dev"}, {"changeId", change}, {"items", std::move(items)}};
    return batch.dump();
  }
  std::string plan(const std::string& batch) { return ask("/v1/topics/batch/dry-run", "SLUICE_TOKEN_EDITOR", batch); }
  void approve(const std::string& plan, const std::string& change) {
    const nlohmann::json approval{{"digest", nlohmann::json::parse(plan)["digest"]}};
    ask("/v1/changes/" + change + "/approve", "SLUICE_TOKEN_APPROVER", approval.dump());
  }
  std::string apply(const std::string& change) {
    return ask("/v1/topics/batch/apply", "SLUICE_TOKEN_EDITOR", nlohmann::json{{"changeId", change}}.dump());
  }

 private:
  std::string ask(const std::string& path, const char* role, const std::string& body) {
    const char* token = std::getenv(role);
    if (token == nullptr) fail(fmt::format("{} is not set", role));
    http::ClientRequest request;
    request.method = http::Method::kPost;
    request.url = url_ + path;
    request.headers.set("authorization", std::string("Bearer ") + token);
    request.headers.set("content-type", "application/json");
    request.headers.set("x-request-id", "bench");
    request.body = body;
    const auto answer = client_.send(request, soon());
    if (!answer) fail(answer.error().describe());
    if (answer->status != 200) fail(fmt::format("{} {}", answer->status, answer->body.substr(0, 2'000)));
    return answer->body;
  }

  std::string url_;
  http::Client client_;
};

void remove(kafka::Admin& admin, const bench::Workload& workload) {
  for (const auto& removed : admin.delete_topics(workload.items, soon())) {
    if (!removed) fail(removed.error().describe());
  }
  const auto gone = kafka::await(
      [&]() -> Result<bool> {
        const auto found = admin.describe_topics(workload.items, soon());
        return std::ranges::none_of(found, [](const auto& topic) { return topic.has_value(); });
      },
      soon());
  if (!gone) fail(gone.error().describe());
}

// Milliseconds of each round.
struct Times {
  std::vector<double> plan;
  std::vector<double> apply;
  std::vector<double> whole;

  void add(double planned, double applied) {
    plan.push_back(planned);
    apply.push_back(applied);
    whole.push_back(planned + applied);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: apply_bench <bootstrap servers> <URL>");
  metrics::Registry metrics;
  const auto admin = kafka::Admin::open(
      {.properties = {{"bootstrap.servers", argv[1]}}, .role = "bench", .metrics = metrics});
  if (!admin) fail(admin.error().describe());
  bench::BareRequests bare(argv[1]);
  Server server(argv[2]);
  Times bare_times;
  Times our_times;
  for (int round = -kWarmUps; round < kRounds; ++round) {
    const auto theirs = any_creates();
    const double bare_plan = milliseconds([&] { bare.run(theirs); });
    const double bare_apply = milliseconds([&] {
      bare.run(theirs);
      bare.create_for_real(theirs);
    });
    remove(**admin, theirs);
    const auto ours = any_creates();
    const std::string change = "bench-" + random_hex(4);
    const std::string batch = Server::batch(ours, change);
    std::string plan;
    const double our_plan = milliseconds([&] { plan = server.plan(batch); });
    server.approve(plan, change);
    std::string applied;
    const double our_apply = milliseconds([&] { applied = server.apply(change); });
    if (nlohmann::json::parse(applied)["state"] != "APPLIED") fail("not applied: " + applied.substr(0, 2'000));
    remove(**admin, ours);
    if (round < 0) continue;
    bare_times.add(bare_plan, bare_apply);
    our_times.add(our_plan, our_apply);
  }
  // Round by round: what else the machine does comes and goes, and hits both of a round.
  std::vector<double> ratios;
  for (std::size_t i = 0; i < our_times.whole.size(); ++i) ratios.push_back(bare_times.whole[i] / our_times.whole[i]);
  const double ratio = median(ratios);
  for (const auto& [name, times] : {std::pair("bare", &bare_times), std::pair("ours", &our_times)}) {
    fmt::print("{}: plan {:.0f} ms, apply {:.0f} ms, together {:.0f} ms\n", name, median(times->plan),
               median(times->apply), median(times->whole));
  }
  fmt::print("{:<34} ratio {:.2f} (at least {})\n", "plan and apply of 1,000 creates", ratio, kMinRatio);
  return ratio >= kMinRatio ? 0 : 1;
}
