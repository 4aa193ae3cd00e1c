// What is applied is what was approved: a plan survives its document (G25).
#include "governance/application/plan_digest.h"
#include "governance/application/plan_document.h"

#include <random>

#include <gtest/gtest.h>

#include "governance/application/plan_json.h"
#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::application {
namespace {

using domain::item;
using domain::live;

domain::Plan mixed_plan() {
  auto grown = item("dev.grown", 4, {{"retention.ms", "1d"}, {"compression.type", {}}});
  grown.metadata = {"team-a", "gold", "what it is for", {"keyed", "pii"}};
  auto more_replicas = item("dev.replicas");
  more_replicas.replication_factor = 3;
  auto deletion = domain::deletion("dev.old");
  deletion.reason = "nobody reads it";
  auto state = domain::cluster({{"dev.grown", live(2, 3, {{"compression.type", "zstd"}})},
                                {"dev.replicas", live(1, 1)},
                                {"dev.old", live(3, 3)},
                                {"dev.same", live(2, 3)}});
  state.layout = domain::ReplicaLayout{{{1, "", {}}, {2, "", {}}, {3, "", {}}}, {}, {}};
  state.layout->topics[domain::TopicName{"dev.replicas"}] = {{{0, 2, {2}, {2}}}, {{0, 1'000}}, false};
  auto plan = domain::planned(
      domain::batch("dev", {item("dev.new", 2, {{"cleanup.policy", "compact"}}), item("dev.default"), grown,
                            more_replicas, deletion, domain::deletion("dev.gone"), item("dev.same", 2)}),
      state);
  plan.items[3].moves.throttle_bytes_per_s = 50;
  return plan;
}

TEST(PlanDocument, GivesBackWhatAnApplyNeeds) {
  const auto plan = mixed_plan();
  const auto items = planned_items(plan_to_json(plan));
  ASSERT_TRUE(items) << items.error().describe();
  ASSERT_EQ(items->size(), plan.items.size());
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    SCOPED_TRACE(plan.items[i].name.str());
    const auto& before = plan.items[i];
    const auto& after = (*items)[i];
    EXPECT_EQ(after.name, before.name);
    EXPECT_EQ(after.action, before.action);
    EXPECT_EQ(after.live, before.live);
    EXPECT_EQ(after.diffs, before.diffs);
    EXPECT_EQ(after.intended.partitions, before.intended.partitions);
    EXPECT_EQ(after.intended.replication_factor, before.intended.replication_factor);
    EXPECT_EQ(after.intended.set, before.intended.set);
    EXPECT_EQ(after.intended.unset, before.intended.unset);
    EXPECT_EQ(after.moves, before.moves);
    EXPECT_EQ(after.declared, before.declared);
    EXPECT_EQ(after.lost, before.lost);
    EXPECT_EQ(after.metadata, before.metadata);
    EXPECT_EQ(after.reason, before.reason);
    EXPECT_EQ(after.requested == domain::ItemAction::kDelete, before.requested == domain::ItemAction::kDelete);
  }
}

TEST(PlanDocument, HasTheDigestOfItsPlan) {
  const auto plan = mixed_plan();
  Json document = plan_to_json(plan);
  const std::string digest = plan_digest(plan);
  EXPECT_EQ(document_digest(document), digest);
  document["digest"] = digest;
  document["summary"] = {{"create", 2}};
  document["plan"][0]["consumerGroups"] = {"billing"};
  EXPECT_EQ(document_digest(document), digest);
}

TEST(PlanDocument, ChangesItsDigestWithEveryFieldThatIsApplied) {
  const auto plan = mixed_plan();
  const Json document = plan_to_json(plan);
  const std::string digest = document_digest(document);
  const Json flat = document["plan"].flatten();
  for (const auto& [path, value] : flat.items()) {
    if (path.find("consumerGroups") != std::string::npos || path.find("/declared") != std::string::npos ||
        path.find("/lost") != std::string::npos || path.find("/moves") != std::string::npos) {
      continue;
    }
    Json changed = document;
    changed["plan"][Json::json_pointer(path)] = "another";
    EXPECT_NE(document_digest(changed), digest) << path;
  }
}

// X4: what is approved is where each replica goes; how much that copies changes by the second.
TEST(PlanDocument, SaysWhereReplicasGoAndWhatItCopies) {
  const Json document = plan_to_json(mixed_plan());
  EXPECT_EQ(document["plan"][3]["assignment"],
            Json::parse(R"([{"partition": 0, "from": [2], "to": [2, 1, 3]}])"));
  EXPECT_EQ(document["plan"][3]["moves"],
            Json::parse(R"({"partitions": 1, "bytes": 2000, "throttleBytesPerSecond": 50})"));
}

TEST(PlanDocument, RefusesWhatNoPlannerWrote) {
  for (const char* text : {"null", "{}", R"({"plan": {}})", R"({"plan": [{}]})", R"({"plan": [{"name": "a"}]})",
                           R"({"plan": [{"name": "a", "action": "DROP", "live": {"exists": false, "configs": {}}}]})",
                           R"({"plan": [{"name": "a", "action": "CREATE"}]})",
                           R"({"plan": [{"name": "a", "action": "ALTER", "live": {"exists": true, "configs": {}},
                               "assignment": [{"partition": 0, "from": [1], "to": []}]}]})",
                           R"({"plan": [{"name": "a", "action": "CREATE", "live": {"configs": {}}}]})"}) {
    const auto items = planned_items(Json::parse(text));
    ASSERT_FALSE(items) << text;
    EXPECT_EQ(items.error().code, "plan.unreadable");
  }
}

}  // namespace
}  // namespace sluice::governance::application
