// Lag, and what stays known when a group does not answer (G8).
#include "governance/domain/catalogue/consumption.h"

#include <gtest/gtest.h>

namespace sluice::governance::domain {
namespace {

struct LagCase {
  const char* what;
  std::vector<PartitionStanding> partitions;
  std::optional<std::int64_t> lag;
};

TEST(Lag, IsTheSumUpToTheEndsAndNeverAGuess) {
  const std::vector<LagCase> cases{
      {"no partition", {}, 0},
      {"two partitions", {{3, {}, 10}, {10, {}, 10}}, 7},
      {"committed past the end, which was read before", {{12, {}, 10}}, 0},
      {"an end that did not come", {{3, {}, 10}, {3, {}, {}}}, std::nullopt},
      {"nothing committed, nothing there", {{{}, 5, 5}}, 0},
      {"nothing committed, records there", {{{}, 0, 5}}, std::nullopt},
      {"nothing committed, begin not known", {{{}, {}, 5}}, std::nullopt},
      {"nothing known at all", {{{}, {}, {}}}, std::nullopt},
      {"large ends", {{0, {}, 1LL << 61}, {0, {}, 1LL << 61}}, 1LL << 62}};
  for (const LagCase& tested : cases) EXPECT_EQ(lag_of(tested.partitions), tested.lag) << tested.what;
}

using Groups = std::vector<GroupLag>;

struct LookCase {
  const char* what;
  std::optional<Groups> known;
  ConsumptionLook look;
  Groups groups;
};

TEST(GroupsAfterALook, KeepWhoDidNotAnswerWithAnUnknownLag) {
  const TopicName name{"dev.a"};
  const GroupLag a{"a", "Stable", 1, 5};
  const GroupLag b{"b", "Empty", 0, 7};
  const GroupLag silent{"a", "Stable", std::nullopt, std::nullopt};
  const std::vector<LookCase> cases{
      {"nobody, never looked", std::nullopt, {0, {}, {}}, {}},
      {"first look", std::nullopt, {2, {{name, {a, b}}}, {}}, {a, b}},
      {"a group that is gone", Groups{a, b}, {1, {{name, {b}}}, {}}, {b}},
      {"a known group that did not answer", Groups{a}, {2, {{name, {b}}}, {{"a", "Stable"}}}, {silent, b}},
      {"an unknown group that did not answer", Groups{}, {1, {}, {{"a", "Stable"}}}, {}},
      {"one that is assigned, but whose offsets did not come", Groups{a}, {1, {{name, {silent}}}, {{"a", "Stable"}}},
       {silent}}};
  for (const LookCase& tested : cases) {
    const Groups* known = tested.known ? &*tested.known : nullptr;
    EXPECT_EQ(groups_after(known, tested.look, name), tested.groups) << tested.what;
  }
}

}  // namespace
}  // namespace sluice::governance::domain
