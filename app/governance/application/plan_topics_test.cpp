#include "governance/application/plan_topics.h"

#include <gtest/gtest.h>

#include <deque>

#include "governance/application/broker_questions.h"
#include "governance/application/plan_json.h"
#include "governance/domain/policy/ownership_rules.h"
#include "support/memory_plan_repository.h"
#include "support/memory_topic_records.h"
#include "support/plan_repository_suite.h"

namespace sluice::test {

struct MemoryStore {
  governance::domain::PlanRepository& repository() { return plans; }
  MemoryPlanRepository plans;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, PlanRepositorySuite, MemoryStore);

}  // namespace sluice::test

namespace sluice::governance::application {
namespace {

using domain::TopicName;

domain::LiveTopic live(std::int32_t partitions) {
  domain::LiveTopic topic;
  topic.topic_id = "id-1";
  topic.partitions = partitions;
  topic.replication_factor = 1;
  return topic;
}

// A cluster that answers from a script; what a read shows can lag behind what the controller says.
class ScriptedCluster final : public domain::TopicCluster {
 public:
  Result<std::string> cluster_id(Deadline) override { return std::string("cluster-1"); }
  Result<std::vector<TopicName>> list(Deadline) override {
    return std::vector<TopicName>(visible.begin(), visible.end());
  }
  Result<domain::ClusterState> read(std::span<const TopicName> names, Deadline) override {
    ++reads;
    if (read_error) return *read_error;
    domain::ClusterState state;
    state.cluster_id = "cluster-1";
    state.broker_count = 3;
    state.defaults = {{"compression.type", "producer"}, {"min.insync.replicas", "1"},
                      {"retention.ms", "604800000"}, {"cleanup.policy", "delete"}};
    for (const TopicName& name : names) {
      if (visible.contains(name)) state.topics[name] = topics.contains(name) ? topics.at(name) : stale;
    }
    return state;
  }
  Result<std::map<TopicName, std::vector<domain::GroupUse>>> groups_of(std::span<const TopicName>,
                                                                       Deadline) override {
    ++group_reads;
    return std::map<TopicName, std::vector<domain::GroupUse>>{};
  }
  Result<std::map<TopicName, std::int64_t>> records_of(std::span<const TopicName>, Deadline) override {
    return std::map<TopicName, std::int64_t>{};
  }
  Result<domain::ReplicaLayout> layout_of(std::span<const TopicName>, Deadline) override { return layout; }
  Result<std::vector<domain::BrokerVerdict>> validate(const domain::Probes& probes, Deadline) override {
    if (validate_error) return *validate_error;
    std::vector<domain::BrokerVerdict> verdicts;
    for (const auto& probe : probes.creates) {
      const bool exists = topics.contains(probe.name);
      verdicts.push_back({probe.name, domain::BrokerCall::kCreateTopic, !exists,
                          exists ? "TOPIC_ALREADY_EXISTS" : "", exists ? "Topic exists." : ""});
    }
    for (const auto& probe : probes.configs) {
      verdicts.push_back({probe.name, domain::BrokerCall::kAlterConfigs, true, "", ""});
    }
    return verdicts;
  }
  Result<bool> await_existence(std::span<const std::pair<TopicName, bool>> expected, Deadline) override {
    if (never_settles) return false;
    for (const auto& [name, exists] : expected) {
      if (exists) visible.insert(name);
      if (!exists) visible.erase(name);
    }
    return true;
  }
  Result<std::map<TopicName, domain::TopicDetails>> describe(std::span<const TopicName>, Deadline) override {
    return std::map<TopicName, domain::TopicDetails>();
  }

  std::map<TopicName, domain::LiveTopic> topics;
  std::set<TopicName> visible;
  domain::LiveTopic stale = live(3);  // what a read still shows of a topic that is gone
  domain::ReplicaLayout layout;
  std::optional<Error> read_error;
  std::optional<Error> validate_error;
  bool never_settles = false;
  int reads = 0;
  int group_reads = 0;
};

domain::TopicBatch batch_of(std::vector<domain::TopicItem> items) {
  return {domain::EnvironmentName{"dev"}, domain::ChangeId{"c1"}, std::move(items)};
}

domain::TopicItem upsert(const std::string& name, std::int32_t partitions) {
  domain::TopicItem item;
  item.name = TopicName{name};
  item.partitions = partitions;
  return item;
}

class PlanTopicsTest : public testing::Test {
 protected:
  Result<KeptPlan> dry_run(const domain::TopicBatch& batch, std::string expected_cluster_id = "") {
    return dry_run(batch, policies_, std::move(expected_cluster_id));
  }
  Result<KeptPlan> dry_run(const domain::TopicBatch& batch, const PolicyStore& policies,
                           std::string expected_cluster_id = "") {
    GovernedEnvironment dev;
    dev.name = domain::EnvironmentName{"dev"};
    dev.expected_cluster_id = std::move(expected_cluster_id);
    dev.cluster = &cluster_;
    const Environments environments({dev});
    PlanTopics planner(environments, plans_, records_, policies, clock_);
    return planner.dry_run(batch, Actor{"kim", "kim", "", ""}, Deadline::after(std::chrono::seconds{10}));
  }

  ScriptedCluster cluster_;
  test::MemoryPlanRepository plans_;
  test::MemoryTopicRecords records_;
  PolicyStore policies_{domain::PolicySet{}};
  ManualClock clock_{*parse_rfc3339("2026-11-21T09:00:00Z")};
};

TEST_F(PlanTopicsTest, KeepsEveryDryRunAsARevisionWithTheDigestOfWhatWasPlanned) {
  const auto first = dry_run(batch_of({upsert("dev.a", 3)})).value();
  clock_.advance(std::chrono::hours{1});
  const auto second = dry_run(batch_of({upsert("dev.a", 3)})).value();
  const auto other = dry_run(batch_of({upsert("dev.a", 4)})).value();
  EXPECT_EQ(first.document["revision"], 1);
  EXPECT_EQ(second.document["revision"], 2);
  EXPECT_EQ(first.document["digest"], second.document["digest"]);
  EXPECT_NE(first.document["digest"], other.document["digest"]);
  EXPECT_EQ(first.document["createdAt"], "2026-11-21T09:00:00.000Z");
  EXPECT_EQ(first.document["requester"], "kim");
}

TEST_F(PlanTopicsTest, ServesAKeptPlanExactlyAsItWasAnswered) {
  const auto kept = dry_run(batch_of({upsert("dev.a", 3)})).value();
  const Environments none({});
  PlanTopics planner(none, plans_, records_, policies_, clock_);
  EXPECT_EQ(planner.kept(domain::ChangeId{"c1"}, 1).value().dump(), kept.document.dump());
  EXPECT_EQ(planner.kept(domain::ChangeId{"nope"}, std::nullopt).error().code, "plan.not-found");
  domain::NewPlan forged;
  forged.change_id = domain::ChangeId{"c2"};
  forged.digest = kept.document["digest"].get<std::string>();
  forged.document = kept.document.dump();
  forged.document.replace(forged.document.find("dev.a"), 5, "dev.b");
  ASSERT_TRUE(plans_.append(forged));
  EXPECT_EQ(planner.kept(domain::ChangeId{"c2"}, 1).error().code, "plan.tampered");
}

TEST_F(PlanTopicsTest, PlansAgainWhenTheControllerKnowsATopicThatTheReadDidNotShow) {
  cluster_.topics[TopicName{"dev.a"}] = live(3);
  const auto kept = dry_run(batch_of({upsert("dev.a", 3)})).value();
  EXPECT_EQ(kept.plan.items[0].action, domain::PlannedAction::kNone);
  EXPECT_EQ(cluster_.reads, 2);
}

// The owner on record, not only what the batch says.
TEST_F(PlanTopicsTest, JudgesByWhatIsOnRecord) {
  domain::PolicySet policies;
  domain::RuleHeader header;
  header.scope.owners = {"payments"};
  policies.rules = {domain::protected_names(std::move(header), {"*"})};
  const PolicyStore store(std::move(policies));
  cluster_.topics[TopicName{"dev.a"}] = live(3);
  cluster_.visible.insert(TopicName{"dev.a"});
  records_.declared[TopicName{"dev.a"}].owner = "payments";
  domain::TopicItem item = upsert("dev.a", 3);
  item.partitions.reset();
  item.action = domain::ItemAction::kDelete;
  item.metadata.owner = "orders";
  EXPECT_TRUE(dry_run(batch_of({item}), store).value().plan.is_blocked());
  records_.declared[TopicName{"dev.a"}].owner = "orders";
  EXPECT_FALSE(dry_run(batch_of({item}), store).value().plan.is_blocked());
}

TEST_F(PlanTopicsTest, AsksWhetherATopicToDeleteIsReallyAbsent) {
  cluster_.topics[TopicName{"dev.a"}] = live(3);
  domain::TopicItem item = upsert("dev.a", 3);
  item.partitions.reset();
  item.action = domain::ItemAction::kDelete;
  EXPECT_EQ(dry_run(batch_of({item})).value().plan.items[0].action, domain::PlannedAction::kDelete);
}

struct StaleCase {
  domain::ItemAction action;
  bool exists;  // for the controller; the read shows the opposite
  domain::PlannedAction planned;
};
class PlanTopicsAfterAStaleRead : public PlanTopicsTest, public testing::WithParamInterface<StaleCase> {};
TEST_P(PlanTopicsAfterAStaleRead, GoesByWhatTheControllerSays) {
  const TopicName name{"dev.a"};
  if (GetParam().exists) cluster_.topics[name] = live(3);
  if (!GetParam().exists) cluster_.visible.insert(name);
  domain::TopicItem item = upsert("dev.a", 3);
  item.action = GetParam().action;
  if (item.action == domain::ItemAction::kDelete) item.partitions.reset();
  const auto kept = dry_run(batch_of({item}));
  ASSERT_TRUE(kept) << kept.error().describe();
  EXPECT_EQ(kept->plan.items[0].action, GetParam().planned);
  EXPECT_EQ(cluster_.reads, 2);
}
INSTANTIATE_TEST_SUITE_P(
    EveryAction, PlanTopicsAfterAStaleRead,
    testing::Values(StaleCase{domain::ItemAction::kUpsert, true, domain::PlannedAction::kNone},
                    StaleCase{domain::ItemAction::kUpdate, true, domain::PlannedAction::kNone},
                    StaleCase{domain::ItemAction::kDelete, true, domain::PlannedAction::kDelete},
                    StaleCase{domain::ItemAction::kUpsert, false, domain::PlannedAction::kCreate},
                    StaleCase{domain::ItemAction::kCreate, false, domain::PlannedAction::kCreate},
                    StaleCase{domain::ItemAction::kDelete, false, domain::PlannedAction::kNone}));

TEST_F(PlanTopicsTest, NamesTheTopicThatDoesNotSettle) {
  cluster_.topics[TopicName{"dev.a"}] = live(3);
  cluster_.never_settles = true;
  const auto kept = dry_run(batch_of({upsert("dev.a", 3)}));
  EXPECT_EQ(kept.error().code, "cluster.unsettled");
  EXPECT_NE(kept.error().message.find("dev.a"), std::string::npos);
}

TEST_F(PlanTopicsTest, FailsClosedWhenTheBrokerDoesNotAnswer) {
  const Error timeout{ErrorKind::kTimeout, "kafka.timeout", "no answer", "", {}};
  cluster_.validate_error = timeout;
  EXPECT_EQ(dry_run(batch_of({upsert("dev.a", 3)})).error().code, "kafka.timeout");
  cluster_.validate_error.reset();
  cluster_.read_error = timeout;
  EXPECT_EQ(dry_run(batch_of({upsert("dev.a", 3)})).error().code, "kafka.timeout");
  EXPECT_FALSE(plans_.find(domain::ChangeId{"c1"}, std::nullopt).value());
}

TEST_F(PlanTopicsTest, RefusesAnEnvironmentThatItDoesNotGovern) {
  auto batch = batch_of({upsert("prod.a", 3)});
  batch.env = domain::EnvironmentName{"prod"};
  const auto kept = dry_run(batch);
  EXPECT_EQ(kept.error().code, "environment.unknown");
  EXPECT_EQ(cluster_.reads, 0);
}

TEST_F(PlanTopicsTest, RefusesAClusterItIsNotMeantFor) {
  EXPECT_EQ(dry_run(batch_of({upsert("dev.a", 3)}), "other").error().code,
            "cluster.wrong-id");
}

TEST(PlanJson, DigestsNeitherWhoReadsATopicNorTheWordingOfAViolation) {
  domain::Plan plan;
  plan.items.emplace_back();
  plan.items[0].name = TopicName{"dev.a"};
  plan.violations.push_back({TopicName{"dev.a"}, "r", "groups: one", domain::Severity::kWarn, "partitions", ""});
  const std::string before = plan_digest(plan);
  plan.items[0].groups.push_back({"two", "Stable", 1});
  plan.violations[0].message = "groups: one, two";
  EXPECT_EQ(plan_digest(plan), before);
  EXPECT_NE(plan_to_json(plan).dump().find("consumerGroups"), std::string::npos);
  plan.violations[0].severity = domain::Severity::kBlock;
  EXPECT_NE(plan_digest(plan), before);
}

TEST(BrokerQuestions, AsksForTheWholeOfACreateAndForTheChangeOfAnAlter) {
  domain::Plan plan;
  domain::PlannedItem create;
  create.name = TopicName{"a"};
  create.action = domain::PlannedAction::kCreate;
  create.intended = {3, std::nullopt, {{"retention.ms", "1"}}, {}};
  domain::PlannedItem alter;
  alter.name = TopicName{"b"};
  alter.action = domain::PlannedAction::kAlter;
  alter.live.exists = true;
  alter.live.partitions = 3;
  alter.intended = {6, 2, {{"retention.ms", "1"}}, {"segment.ms"}};
  domain::PlannedItem shrink = alter;
  shrink.name = TopicName{"c"};
  shrink.intended = {1, std::nullopt, {}, {}};
  plan.items = {create, alter, shrink};

  const domain::Probes probes = broker_questions(plan);
  ASSERT_EQ(probes.creates.size(), 2u);
  EXPECT_EQ(probes.creates[1].name.str(), "c") << "what is not asked otherwise is asked whether it exists";
  EXPECT_EQ(probes.creates[1].partitions, 1);
  EXPECT_EQ(probes.creates[0].partitions, 3);
  EXPECT_EQ(probes.creates[0].replication_factor, 0);
  ASSERT_EQ(probes.partitions.size(), 1u);
  EXPECT_EQ(probes.partitions[0].total, 6);
  ASSERT_EQ(probes.configs.size(), 1u);
  EXPECT_EQ(probes.configs[0].unset, std::vector<std::string>{"segment.ms"});
}

}  // namespace
}  // namespace sluice::governance::application
