// What 50 rules of every kind cost on 10,000 topics: the plan with them less the plan without, on one
// core.
//   policy_bench [topics]        exit code 1 when the bound of the issue is missed at 10,000 topics
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "governance/domain/plan/planner.h"
#include "governance/infrastructure/policy_reader.h"
#include "platform/text/yaml.h"

namespace {

using namespace sluice;
using namespace sluice::governance;

constexpr std::size_t kTopics = 10'000;
constexpr std::size_t kRules = 50;
constexpr double kMaxSeconds = 0.5;

// Five rules of ten kinds each; a tenth of the topics breaks some of them.
std::string document() {
  std::string text = "kind: PolicySet\nversion: \"1\"\nenvironments: [dev, stg, prod]\nrules:\n";
  for (int i = 0; i < 5; ++i) {
    text += fmt::format(R"(
  - {{id: pattern-{0}, rule: naming.pattern, pattern: '^((dev|stg|prod)\.)[a-z0-9._-]+$'}}
  - {{id: prefix-{0}, rule: forbid.prefix, prefixes: [tmp., test., "x{0}."]}}
  - {{id: reserved-{0}, rule: naming.reserved, words: [kafka, _schemas, "r{0}"]}}
  - {{id: replicas-{0}, rule: guardrail.replication-factor, min: 3, scope: {{environments: [prod, stg]}}}}
  - {{id: retention-{0}, rule: guardrail.retention, max: 30d}}
  - {{id: partitions-{0}, rule: guardrail.partitions, max: 100, teams: {{team-1: {{max: 12}}}}}}
  - {{id: bytes-{0}, rule: config.bounds, key: max.message.bytes, max: 2MiB}}
  - {{id: owner-{0}, rule: metadata.required, fields: [owner], scope: {{names: ["stg.team-1*"]}}}}
  - id: compact-{0}
    rule: expression
    require: '!("compact" in config["cleanup.policy"]) || config["retention.ms"] >= days({0}) || partitions > 1'
    examples: {{pass: [{{partitions: 2, config: {{cleanup.policy: delete}}}}], fail: [{{partitions: 1, config: {{cleanup.policy: compact, retention.ms: -1}}}}]}}
  - id: operation-{0}
    rule: expression
    when: op == "ALTER" && has(before.config["min.insync.replicas"])
    require: config["min.insync.replicas"] < replicationFactor && name.startsWith("stg.")
    examples: {{pass: [{{op: CREATE}}, {{name: stg.a, op: ALTER, before: {{replicationFactor: 3, config: {{min.insync.replicas: 2}}}}}}], fail: [{{name: stg.a, op: ALTER, before: {{replicationFactor: 2, config: {{min.insync.replicas: 2}}}}}}]}}
)", i);
  }
  return text;
}

struct Recorded {
  domain::TopicBatch batch{domain::EnvironmentName("stg"), domain::ChangeId("bench"), {}};
  domain::ClusterState state;
};

Recorded generate(std::size_t topics) {
  Recorded recorded;
  recorded.state.broker_count = 3;
  recorded.state.defaults = {{"cleanup.policy", "delete"}, {"retention.ms", "604800000"},
                             {"max.message.bytes", "1048588"}, {"min.insync.replicas", "2"}};
  for (std::size_t i = 0; i < topics; ++i) {
    domain::TopicItem item;
    item.name = domain::TopicName(fmt::format("stg.team-{}.topic-{:05}", i % 50, i));
    item.partitions = i % 10 == 0 ? 24 : 12;
    item.metadata.owner = fmt::format("team-{}", i % 50);
    item.configs.emplace("retention.ms", i % 10 == 0 ? "40d" : "7d");
    domain::LiveTopic live{fmt::format("topic-id-{:013}", i), 12, 3, false, {}};
    for (const auto& [key, value] : recorded.state.defaults) live.configs[key] = {value, domain::ValueSource::kBroker, {}};
    recorded.state.topics.emplace(item.name, std::move(live));
    recorded.batch.items.push_back(std::move(item));
  }
  return recorded;
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

struct Measured {
  double seconds = 1e9;
  std::size_t violations = 0;
};

Measured best_of(const Recorded& recorded, const domain::PolicySet& policies) {
  Measured best;
  for (int round = 0; round < 5; ++round) {
    const double start = cpu_seconds();
    const auto plan = domain::make_plan(recorded.batch, recorded.state, policies, TimePoint{});
    best.seconds = std::min(best.seconds, cpu_seconds() - start);
    best.violations = plan.violations.size();
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t topics = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : kTopics;
  const auto parsed = text::parse_yaml(document());
  const auto policies = parsed ? infrastructure::read_policy_set(*parsed) : Result<domain::PolicySet>(parsed.error());
  if (!policies || policies->rules.size() != kRules) {
    fmt::print("the bench's policies do not load: {}\n",
               policies ? "another number of rules" : policies.error().problems.at(0).message);
    return 1;
  }
  const Recorded recorded = generate(topics);
  const Measured with = best_of(recorded, *policies);
  const Measured without = best_of(recorded, domain::PolicySet{});
  fmt::print("policy: {} topics x {} rules, {} violations\n", topics, kRules, with.violations);
  fmt::print("policy: {:.3f} CPU s for the plan with them (at most {} s), {:.3f} s without any\n", with.seconds,
             kMaxSeconds, without.seconds);
  return topics == kTopics && with.seconds > kMaxSeconds ? 1 : 0;
}
