// What a preview says (G14), on a cluster in memory: the topics that exist, the plans that were kept, and
// what can't be judged from them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "governance/application/plan_topics.h"
#include "governance/application/policies/preview_policies.h"
#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "support/environments.h"
#include "support/memory_plan_repository.h"
#include "support/memory_topic_records.h"
#include "support/model_cluster.h"

namespace sluice::governance {
namespace {

using domain::TopicName;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<application::ReadDocument> read(std::string_view text) {
  SLUICE_TRY(const text::Node document, text::parse_yaml(text));
  SLUICE_TRY(auto policies, infrastructure::read_policy_set(document));
  return application::ReadDocument{std::make_shared<const domain::PolicySet>(std::move(policies)), text::to_json(document)};
}

Result<domain::TopicBatch> read_batch(std::string_view json, const std::vector<domain::EnvironmentName>& known) {
  SLUICE_TRY(const text::Node document, text::parse_json(json));
  return interface::read_topic_batch(document, known);
}

std::string with_rules(const std::string& rules) {
  return "kind: PolicySet\nversion: \"1\"\nenvironments: [dev, prod]\nrules: [" + rules + "]\n";
}

Deadline soon() { return Deadline::after(std::chrono::seconds{20}); }

// The one plan of this test.
class OnePlan final : public application::RecentPlans {
 public:
  explicit OnePlan(domain::PlanRepository& plans) : plans_(plans) {}
  Result<std::vector<domain::StoredPlan>> since(TimePoint, int, Deadline) override {
    SLUICE_TRY(auto plan, plans_.find(domain::ChangeId("c1"), std::nullopt));
    if (!plan) return std::vector<domain::StoredPlan>();
    return std::vector{std::move(*plan)};
  }

 private:
  domain::PlanRepository& plans_;
};

class Preview : public testing::Test {
 protected:
  void make(const std::string& name, std::int32_t partitions) {
    const domain::CreateProbe topic{TopicName(name), partitions, 1, {}};
    EXPECT_EQ(cluster_.create(std::span(&topic, 1), soon())[0].outcome, domain::CallOutcome::kDone);
  }
  void plan(domain::TopicItem item) {
    application::PlanTopics planner(environments_, plans_, records_, store_, clock_);
    const domain::TopicBatch batch{domain::EnvironmentName("dev"), domain::ChangeId("c1"), {std::move(item)}};
    const auto kept = planner.dry_run(batch, {"kim", "kim", "", ""}, soon());
    ASSERT_TRUE(kept) << kept.error().describe();
  }
  Json preview(const std::string& rules) {
    application::PreviewPolicies use_case({.store = store_,
                                           .read = read,
                                           .read_batch = read_batch,
                                           .list_topics = [](const auto& env, Deadline d) { return env.cluster->list(d); },
                                           .environments = environments_,
                                           .plans = recent_,
                                           .records = records_,
                                           .clock = clock_});
    auto answer = use_case.preview(with_rules(rules), soon());
    EXPECT_TRUE(answer) << answer.error().describe();
    return std::move(*answer);
  }
  static std::vector<std::string> names(const Json& list) {
    std::vector<std::string> all;
    for (const Json& one : list) all.push_back(one["name"].get<std::string>() + " " + one["severity"].get<std::string>());
    return all;
  }

  ManualClock clock_{TimePoint{std::chrono::seconds{1'800'000'000}}};
  test::ModelCluster cluster_{test::model::BrokerOptions{}};
  application::Environments environments_ = test::environments({"dev"}, cluster_, &cluster_);
  test::MemoryPlanRepository plans_;
  test::MemoryTopicRecords records_;
  application::PolicyStore store_{*read(with_rules("{rule: guardrail.partitions, max: 10, severity: warn}"))->policies};
  OnePlan recent_{plans_};
};

TEST_F(Preview, ListsExactlyTheTopicsThatWouldNewlyFail) {
  make("dev.narrow", 3);
  make("dev.wide", 6);
  make("dev.widest", 12);
  make("prod.wide", 12);  // another environment's, on the same cluster
  const Json estate = preview("{rule: guardrail.partitions, max: 5, severity: warn}")["estate"][0];
  EXPECT_EQ(estate["topics"], 3);
  EXPECT_THAT(names(estate["newlyFailing"]), ElementsAre("dev.wide warn"));
  EXPECT_THAT(names(estate["newlyPassing"]), IsEmpty());
}

// Nothing is softened because it is already so: that would hide what is to come.
TEST_F(Preview, TellsASeverityThatRises) {
  make("dev.widest", 12);
  const Json estate = preview("{rule: guardrail.partitions, max: 10}")["estate"][0];
  EXPECT_THAT(names(estate["newlyFailing"]), ElementsAre("dev.widest block"));
  EXPECT_THAT(names(estate["newlyPassing"]), ElementsAre("dev.widest warn"));
}

// Whose it is, is known from what was declared.
TEST_F(Preview, AsksRulesAboutOwnersOfWhoeverIsOnRecord) {
  for (const char* name : {"dev.ours", "dev.theirs", "dev.nobodys"}) make(name, 6);
  records_.declared[TopicName("dev.ours")].owner = "payments";
  records_.declared[TopicName("dev.theirs")].owner = "orders";
  const Json estate = preview("{id: narrow, rule: guardrail.partitions, max: 5, scope: {owners: [payments]}}")["estate"][0];
  EXPECT_THAT(names(estate["newlyFailing"]), ElementsAre("dev.ours block"));
  EXPECT_EQ(estate["notJudged"],
            Json::array({{{"rule", "narrow"}, {"topics", 1}, {"why", "no owner of the topics is on record"}}}));
}

TEST_F(Preview, TakesMetadataFromTheRecord) {
  make("dev.ours", 6);
  make("dev.nobodys", 6);
  records_.declared[TopicName("dev.ours")].owner = "payments";
  EXPECT_THAT(names(preview("{rule: metadata.required, fields: [owner]}")["estate"][0]["newlyFailing"]),
              ElementsAre("dev.nobodys block"));
}

TEST_F(Preview, SaysWhichRulesItCantHoldAgainstWhatExists) {
  make("dev.a", 6);
  const Json estate = preview(
      "{id: op, rule: expression, require: 'op != \"DELETE\"', examples: {pass: [{}], fail: [{op: DELETE}]}},"
      " {rule: delete.has-data}, {rule: delete.share, max: 20%}, {rule: delete.protected, topics: [prod.x],"
      " scope: {environments: [prod]}}")["estate"][0];
  std::vector<std::string> rules;
  for (const Json& one : estate["notJudged"]) rules.push_back(one["rule"].get<std::string>() + ": " + one["why"].get<std::string>());
  EXPECT_THAT(rules, ElementsAre("delete.has-data: it is about deletes", "delete.share: it is about a plan as a whole",
                                 "op: it asks for the operation, and what exists is none"));
}

TEST_F(Preview, SaysThatNobodyKeptWhoOwnedATopic) {
  make("dev.old", 3);
  domain::TopicItem item;
  item.name = TopicName("dev.old");
  item.partitions = 6;
  plan(item);
  const Json plans = preview("{id: narrow, rule: guardrail.partitions, max: 5, scope: {owners: [payments]}}")["plans"];
  EXPECT_THAT(names(plans["newlyFailing"]), IsEmpty());
  ASSERT_EQ(plans["notJudged"].size(), 1U) << plans.dump();
  EXPECT_THAT(plans["notJudged"][0]["why"].get<std::string>(), HasSubstr("on record"));
}

TEST_F(Preview, JudgesThePlansThatWereKept) {
  domain::TopicItem item;
  item.name = TopicName("dev.new");
  item.partitions = 8;
  plan(item);
  const Json plans = preview("{rule: guardrail.partitions, max: 5}")["plans"];
  EXPECT_EQ(plans["judged"], 1);
  ASSERT_THAT(names(plans["newlyFailing"]), ElementsAre("dev.new block"));
  EXPECT_EQ(plans["newlyFailing"][0]["changeId"], "c1");
  EXPECT_THAT(plans["notJudged"], IsEmpty());
}

TEST_F(Preview, SaysWhatNobodyKept) {
  make("dev.old", 3);
  domain::TopicItem item;
  item.name = TopicName("dev.old");
  item.partitions = 4;
  plan(item);
  const Json plans = preview("{rule: config.bounds, key: segment.bytes, max: 1MiB}")["plans"];
  EXPECT_THAT(names(plans["newlyFailing"]), IsEmpty());
  ASSERT_EQ(plans["notJudged"].size(), 1U) << plans.dump();
  EXPECT_THAT(plans["notJudged"][0]["why"].get<std::string>(), HasSubstr("segment.bytes was not kept"));
}

}  // namespace
}  // namespace sluice::governance
