#include "governance/domain/change/change_state.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sluice::governance::domain {
namespace {

constexpr int kStates = 8;
constexpr int kSteps = 10;

// The whole table, forbidden ways included; a dot is one. Columns: plan, plan alike, plan done, approve, reject,
// cancel, start, finish whole, finish part, finish nothing.
TEST(ChangeState, AllowsOnlyTheWaysOfTheTable_G2) {
  const std::map<std::string, std::string> rows{
      {"PLANNED", "PLANNED . . APPROVED REJECTED CANCELLED . . . ."},
      {"APPROVED", "PLANNED APPROVED . . REJECTED CANCELLED APPLYING . . ."},
      {"REJECTED", "PLANNED . . . . . . . . ."},
      {"CANCELLED", "PLANNED . . . . . . . . ."},
      {"APPLYING", ". . . . . . APPLYING APPLIED PARTIAL FAILED"},
      {"APPLIED", "PLANNED . APPLIED . . . . . . ."},
      {"PARTIAL", "PLANNED . . . . . APPLYING . . ."},
      {"FAILED", "PLANNED . . . . . APPLYING . . ."}};
  for (int state = 0; state < kStates; ++state) {
    const auto from = static_cast<ChangeState>(state);
    std::string row;
    for (int step = 0; step < kSteps; ++step) {
      const auto to = after(from, static_cast<ChangeStep>(step));
      row += (step == 0 ? "" : " ") + std::string(to ? to_string(*to) : ".");
    }
    EXPECT_EQ(row, rows.at(std::string(to_string(from)))) << to_string(from);
  }
}

TEST(ChangeState, NamesComeBack) {
  for (int state = 0; state < kStates; ++state) {
    const auto one = static_cast<ChangeState>(state);
    EXPECT_EQ(parse_change_state(to_string(one)), one);
  }
  EXPECT_EQ(parse_change_state("planned"), std::nullopt);
  EXPECT_EQ(parse_change_state(""), std::nullopt);
}

}  // namespace
}  // namespace sluice::governance::domain
