// What a user sees of the seed's own example (G20, G22): batch, default policies and a cluster of
// three brokers, through reader, planner and document. SLUICE_UPDATE_GOLDEN=1 rewrites the expected
// file.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "governance/application/plan_json.h"
#include "governance/domain/plan/plan_test_support.h"
#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/text/yaml.h"

namespace sluice::governance {
namespace {

constexpr const char* kExpected = "tests/golden/seed_dry_run.json";

std::string file(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

domain::ClusterState seed_cluster() {
  auto state =
      domain::cluster({{"prod.orders.created", domain::live(8, 3, {{"min.insync.replicas", "2"}})},
                       {"prod.tmp.experiment", domain::live(1, 1)}});
  state.groups[domain::TopicName("prod.orders.created")] = {{"orders-svc", "Stable", 3}};
  // Empty and read by nobody: nothing protects it from its delete.
  state.groups[domain::TopicName("prod.tmp.experiment")] = {};
  state.records[domain::TopicName("prod.tmp.experiment")] = 0;
  return state;
}

domain::Plan seed_plan() {
  const auto policies =
      infrastructure::read_policy_set(*text::parse_yaml(file("config/policies/default.yaml")));
  const auto batch = interface::read_topic_batch(
      *text::parse_yaml(file("config/examples/topic-batch.yaml")), policies->environments);
  return domain::make_plan(*batch, seed_cluster(), *policies, domain::kNow);
}

Json seed_document() {
  auto document = application::plan_to_json(seed_plan());
  document["policy"].erase("digest");  // moves with every word of the policy document
  return document;
}

TEST(SeedExample, AnswersInTheSeedsShape) {
  const auto actual = seed_document().dump(2) + "\n";
  if (std::getenv("SLUICE_UPDATE_GOLDEN")) std::ofstream(kExpected) << actual;
  EXPECT_EQ(actual, file(kExpected));
}

TEST(SeedExample, HasExactlyTheTwoWarnings) {
  EXPECT_EQ(domain::rules_of(seed_plan()),
            (std::vector<std::string>{"partitions.keyed-increase warn", "forbid.prefix warn"}));
}

TEST(SeedExample, PlansPartitions8To12) {
  EXPECT_EQ(seed_document()["plan"][0]["diff"]["partitions"], "8→12");
  EXPECT_EQ(seed_document()["plan"][1]["action"], "DELETE");
}

TEST(OwnTopics, MeetTheDefaultPoliciesUnderTheirExemption) {
  const auto policies =
      infrastructure::read_policy_set(*text::parse_yaml(file("config/policies/default.yaml")));
  const auto batch = interface::read_topic_batch(*text::parse_yaml(file("config/topics.yaml")),
                                                 policies->environments);
  ASSERT_TRUE(batch.has_value());
  EXPECT_TRUE(
      domain::rules_of(domain::make_plan(*batch, domain::cluster(), *policies, domain::kNow))
          .empty());
}

}  // namespace
}  // namespace sluice::governance
