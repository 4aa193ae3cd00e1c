// M7: no delete leaves without an item that says delete, an approval by enough others, and no protection.
// 10,000 random batches against the model; SLUICE_TEST_SEED repeats a run.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "governance/domain/policy/ownership_rules.h"
#include "support/governed_world.h"
#include "support/plan_truth/any_pair.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using domain::ChangeId;
using domain::TopicName;

constexpr int kBatches = 10'000;
constexpr std::size_t kTopics = 12;

const Actor kKim{"kim", "kim", "kim", ""};
const Actor kLee{"lee", "lee", "lee", ""};
const Actor kAnn{"ann", "ann", "ann", ""};

domain::PolicySet protecting() {
  domain::PolicySet policies = ApplyWorld::some_policies();
  policies.rules = {domain::protected_names({}, {"dev.keep.*"}), domain::protect_data({}),
                    domain::protect_consumers({})};
  return policies;
}

enum class Protection { kNone, kName, kData, kReader };

class Deletes : public testing::Test {
 protected:
  Deletes() : world_(protecting()) {}

  // Everything is there again, each topic with what protects it or nothing.
  void restore() {
    protection_.clear();
    std::vector<domain::CreateProbe> missing;
    world_.model().forget_groups();
    for (std::size_t i = 0; i < kTopics; ++i) {
      const auto protection = static_cast<Protection>(dice_.one_in(3) ? 1 + dice_.below(3) : 0);
      const bool kept = protection == Protection::kName;
      const TopicName name{fmt::format("dev.{}t{}", kept ? "keep." : "", i)};
      protection_[name] = protection;
      missing.push_back({name, 1, 1, {}});
      if (protection == Protection::kReader) world_.model().add_group(name, {"reader", "Stable", 1});
    }
    world_.model().change([&](model::Broker& broker) {
      broker.topics().clear();
      broker.create(missing, model::ForReal::kYes);
      for (auto& [name, topic] : broker.topics()) {
        topic.partitions[0].end_offset = protection_.at(name) == Protection::kData ? 7 : 0;
      }
    });
  }

  std::vector<domain::TopicItem> any_items() {
    std::vector<domain::TopicItem> items;
    for (const auto& [name, protection] : protection_) {
      if (!dice_.one_in(4)) continue;
      // Mostly deletes of what nothing protects, so that many get through.
      const bool deletes = dice_.one_in(protection == Protection::kNone ? 2 : 8);
      items.push_back(deletes ? deletion(name.str()) : upsert(name.str(), 1 + static_cast<int>(dice_.below(2))));
    }
    if (items.empty()) items.push_back(deletion("dev.none"));
    return items;
  }

  std::uint64_t seed_ = test_seed();
  Dice dice_{seed_};
  GovernedWorld world_;
  std::map<TopicName, Protection> protection_;
};

TEST_F(Deletes, NeedAnItemThatSaysSoAnApprovalAndNoProtection) {
  SCOPED_TRACE(testing::Message() << "SLUICE_TEST_SEED=" << seed_);
  std::size_t seen = 0;
  int deleted = 0;
  for (int i = 0; i < kBatches; ++i) {
    if (i % 4 == 0) restore();
    const ChangeId change{fmt::format("c{}", i)};
    const auto items = any_items();
    const auto plan = world_.plan(change, items, kKim);
    ASSERT_TRUE(plan) << plan.error().describe();
    const std::string digest = plan->document.at("digest").get<std::string>();
    // Nobody, the requester, one or two others: more than 5 % deletes need two.
    std::size_t approvals = 0;
    for (const Actor* person : {&kKim, &kLee, &kAnn}) {
      if (!dice_.one_in(5) && world_.approve(change, digest, *person)) ++approvals;
    }
    const auto execution = world_.apply(change);
    const auto sent = world_.model().sent();
    for (; seen < sent.size(); ++seen) {
      if (sent[seen].call != ModelCall::kRemove) continue;
      const auto asked = std::find_if(items.begin(), items.end(),
                                      [&](const auto& item) { return item.name == sent[seen].topic; });
      ASSERT_TRUE(asked != items.end() && asked->action == domain::ItemAction::kDelete) << i;
      ASSERT_EQ(protection_.at(sent[seen].topic), Protection::kNone) << sent[seen].topic.str();
      ASSERT_EQ(approvals, 2U) << "two others than who asked for it";
      ASSERT_TRUE(execution) << execution.error().describe();
      ++deleted;
    }
  }
  EXPECT_GT(deleted, kBatches / 10) << "a property that is never tried is no property";
}

}  // namespace
}  // namespace sluice::test
