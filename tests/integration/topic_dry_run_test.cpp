// The dry-run on real brokers: what it reads, what the broker itself says, and that it changes nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "governance/application/plan_topics.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/core/id_source.h"
#include "platform/kafka/admin.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "support/environments.h"
#include "support/golden.h"
#include "support/memory_plan_repository.h"
#include "support/memory_topic_records.h"
#include "support/servers.h"

namespace sluice::governance {
namespace {

using application::KeptPlan;
using domain::PlannedAction;

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

domain::PolicySet default_policies() {
  return infrastructure::read_policy_set(text::parse_yaml(read_file("config/policies/default.yaml")).value())
      .value();
}

Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

// One cluster and everything the dry-run needs; topics it makes are removed at the end.
class Bench {
 public:
  explicit Bench(const char* bootstrap_key)
      : admin_(kafka::Admin::open({.properties = {{"bootstrap.servers", test::test_server(bootstrap_key)}},
                                   .role = "test",
                                   .metrics = metrics_})
                   .value()),
        cluster_(*admin_, {}),
        policies_(default_policies()),
        environments_(test::environments({"dev", "stg", "prod"}, cluster_)),
        planner_(environments_, plans_, records_, policies_, clock_) {}
  ~Bench() {
    const std::vector<std::string> names(made_.begin(), made_.end());
    (void)admin_->delete_topics(names, soon());
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  void make(const kafka::NewTopic& topic) {
    const auto made = admin_->create_topics(std::span(&topic, 1), kafka::ValidateOnly::kNo, soon());
    if (!made[0]) {
      ASSERT_EQ(made[0].error().code, "kafka.topic-already-exists") << made[0].error().describe();
    }
    made_.insert(topic.name);
    const std::pair expected{domain::TopicName{topic.name}, true};
    ASSERT_TRUE(cluster_.await_existence(std::span(&expected, 1), soon()).value_or(false));
  }

  Result<KeptPlan> dry_run(const std::string& yaml) {
    SLUICE_TRY(const text::Node document, text::parse_yaml(yaml));
    SLUICE_TRY(const auto batch, interface::read_topic_batch(document, policies_.current()->environments));
    return planner_.dry_run(batch, Actor{"kim", "kim", "", ""}, soon());
  }

  kafka::Admin& admin() { return *admin_; }
  infrastructure::KafkaTopicCluster& cluster() { return cluster_; }

 private:
  metrics::Registry metrics_;
  SystemClock clock_;
  std::unique_ptr<kafka::Admin> admin_;
  infrastructure::KafkaTopicCluster cluster_;
  test::MemoryPlanRepository plans_;
  test::MemoryTopicRecords records_;
  application::PolicyStore policies_;
  application::Environments environments_;
  application::PlanTopics planner_;
  std::set<std::string> made_;
};

std::string unique_name(const std::string& prefix) {
  return prefix + random_hex(4);
}

std::vector<std::string> rules_of(const domain::Plan& plan) {
  std::vector<std::string> rules;
  for (const auto& violation : plan.violations) {
    rules.push_back(violation.rule + "/" + std::string(domain::to_string(violation.severity)));
  }
  return rules;
}

// G20, G22: seed 000 §5.1 against the cluster that its example assumes.
TEST(SeedBatch, AnswersInTheSeedsShapeWithExactlyItsTwoWarnings) {
  Bench bench("SLUICE_TEST_KAFKA3");
  bench.make({"prod.orders.created", 8, 3, {{"min.insync.replicas", "2"}}});
  bench.make({"prod.tmp.experiment", 1, 3, {}});
  const auto kept = bench.dry_run(read_file("config/examples/topic-batch.yaml"));
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(rules_of(kept->plan),
            (std::vector<std::string>{"partitions.keyed-increase/warn", "forbid.prefix/warn"}));
  Json answer = kept->document;
  for (const char* varies : {"clusterId", "digest", "liveFingerprint", "createdAt"}) answer[varies] = "…";
  answer["policy"]["digest"] = "…";
  for (Json& item : answer["plan"]) {
    if (item.contains("live")) item["live"]["topicId"] = "…";
  }
  test::expect_golden("tests/integration/golden/seed_dry_run.json", answer.dump(2) + "\n");
}

TEST(DryRun, ChangesNothingOnTheCluster) {
  Bench bench("SLUICE_TEST_KAFKA");
  const std::string name = unique_name("dev.dry.");
  ASSERT_TRUE(bench.dry_run("kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n  - name: " + name +
                            "\n    config: {partitions: 3, replicationFactor: 1, retention.ms: 1h}\n"));
  const domain::TopicName topic{name};
  EXPECT_TRUE(bench.cluster().describe(std::span(&topic, 1), soon()).value().empty());
}

struct BrokerCase {
  std::string name;
  std::string config;
  std::string words;  // part of what the broker says
};
class BrokerRejects : public testing::TestWithParam<BrokerCase> {};
TEST_P(BrokerRejects, AtDryRunInItsOwnWords) {
  Bench bench("SLUICE_TEST_KAFKA");
  const auto kept = bench.dry_run("kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n  - name: " +
                                  unique_name("dev.bad.") + "\n    config: " + GetParam().config + "\n");
  ASSERT_TRUE(kept) << kept.error().describe();
  const auto& violations = kept->plan.violations;
  const auto found = std::find_if(violations.begin(), violations.end(),
                                  [](const auto& v) { return v.rule == "broker.rejected"; });
  ASSERT_NE(found, violations.end()) << kept->document.dump(1);
  EXPECT_EQ(found->severity, domain::Severity::kBlock);
  EXPECT_NE(found->message.find(GetParam().words), std::string::npos) << found->message;
}
INSTANTIATE_TEST_SUITE_P(
    ValidateOnly, BrokerRejects,
    testing::Values(
        BrokerCase{"unknown_key", "{partitions: 1, foo.bar: 1}", "Unknown topic config name: foo.bar"},
        BrokerCase{"wrong_value", "{partitions: 1, cleanup.policy: bogus}", "String must be one of"},
        BrokerCase{"not_a_number", "{partitions: 1, segment.bytes: abc}", "Not a number"},
        BrokerCase{"too_many_replicas", "{partitions: 1, replicationFactor: 3}", "only 1 broker(s)"},
        BrokerCase{"too_small", "{partitions: 1, segment.bytes: 1}", "must be at least"}),
    [](const auto& test) { return test.param.name; });

TEST(DryRun, ReportsTheBrokersVerdictOnConfigsAndPartitionsOfAnExistingTopic) {
  Bench bench("SLUICE_TEST_KAFKA");
  const std::string name = unique_name("dev.alter.");
  bench.make({name, 2, 1, {}});
  const auto kept = bench.dry_run("kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n  - name: " + name +
                                  "\n    config: {partitions: 4, retention.ms: 2d, foo.bar: x}\n");
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(kept->plan.items[0].action, PlannedAction::kAlter);
  EXPECT_EQ(kept->document["plan"][0]["diff"]["partitions"], "2→4");
  EXPECT_NE(kept->document.dump().find("Unknown topic config name: foo.bar"), std::string::npos);
}

TEST(DryRun, FindsACollisionWithTheClusterThroughTheBroker) {
  Bench bench("SLUICE_TEST_KAFKA");
  const std::string tail = random_hex(4);
  bench.make({"dev.coll." + tail, 1, 1, {}});
  const auto kept = bench.dry_run("kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n  - name: dev.coll_" + tail +
                                  "\n    config: {partitions: 1}\n");
  ASSERT_TRUE(kept) << kept.error().describe();
  const auto rules = rules_of(kept->plan);
  EXPECT_NE(std::find(rules.begin(), rules.end(), "naming.collision/block"), rules.end())
      << kept->document.dump(1);
}

TEST(DryRun, ShowsAnUnsetOverrideAsTheBrokersDefault) {
  Bench bench("SLUICE_TEST_KAFKA");
  const std::string name = unique_name("dev.unset.");
  bench.make({name, 1, 1, {{"retention.ms", "3600000"}}});
  const auto kept = bench.dry_run("kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n  - name: " + name +
                                  "\n    config: {retention.ms: null}\n");
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(kept->document["plan"][0]["diff"]["retention.ms"], "3600000 → (broker default 604800000)");
}

// One name that Kafka can't hold must not cost the others their plan.
TEST(DryRun, JudgesANameThatKafkaCannotHoldByItself) {
  Bench bench("SLUICE_TEST_KAFKA");
  const auto kept = bench.dry_run("kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n  - name: dev.or ders\n  - name: " +
                                  unique_name("dev.good.") + "\n    config: {partitions: 1}\n");
  ASSERT_TRUE(kept) << kept.error().describe();
  const auto rules = rules_of(kept->plan);
  EXPECT_NE(std::find(rules.begin(), rules.end(), "naming.pattern/block"), rules.end()) << kept->document.dump(1);
  EXPECT_EQ(kept->plan.items[1].action, PlannedAction::kCreate);
}

// Kafka 4 shows the cluster-wide min.insync.replicas on every topic: not an override, so adopting
// what exists plans nothing.
TEST(DryRun, AdoptingATopicAsItIsPlansNothing) {
  Bench bench("SLUICE_TEST_KAFKA3");
  const std::string name = unique_name("prod.adopt.");
  bench.make({name, 3, 3, {{"cleanup.policy", "delete,compact"}, {"retention.ms", "604800000"}}});
  const auto kept = bench.dry_run(
      "kind: TopicBatch\nenv: prod\nchangeId: c\nitems:\n  - name: " + name +
      "\n    config: {partitions: 3, replicationFactor: 3, cleanup.policy: 'compact,delete', retention.ms: 7d}\n");
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(kept->plan.items[0].action, PlannedAction::kNone) << kept->document.dump(1);
  EXPECT_FALSE(kept->plan.is_blocked()) << kept->document.dump(1);
}

// G5: requests grow with batches, not with topics.
TEST(DryRun, PlansAThousandItemsInAtMostTwentyAdminRequests) {
  Bench bench("SLUICE_TEST_KAFKA");
  const std::string tail = random_hex(4);
  std::string yaml = "kind: TopicBatch\nenv: dev\nchangeId: c\nitems:\n";
  for (int i = 0; i < 1000; ++i) {
    yaml += "  - {name: dev.many." + tail + "." + std::to_string(i) +
            ", config: {partitions: 1, retention.ms: 1d, segment.bytes: 10485760}}\n";
  }
  const auto before = bench.admin().requests();
  const auto kept = bench.dry_run(yaml);
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(kept->document["summary"]["create"], 1000);
  EXPECT_LE(bench.admin().requests() - before, 20u);
}

TEST(DryRun, SaysClearlyThatNoBrokerAnswers) {
  metrics::Registry metrics;
  const auto admin = kafka::Admin::open({.properties = {{"bootstrap.servers", "127.0.0.1:1"}},
                                         .role = "test",
                                         .metrics = metrics})
                         .value();
  infrastructure::KafkaTopicCluster cluster(*admin, {});
  const domain::TopicName name{"dev.a"};
  const auto state = cluster.read(std::span(&name, 1), Deadline::after(std::chrono::seconds{2}));
  ASSERT_FALSE(state);
  EXPECT_TRUE(state.error().retryable()) << state.error().describe();
}

}  // namespace
}  // namespace sluice::governance
