#include "governance/domain/change/approval_claims.h"

#include <gtest/gtest.h>

#include "platform/core/canonical_json.h"

namespace sluice::governance::domain {
namespace {

ApprovalClaims claims() {
  return {.id = "a1",
          .change_id = ChangeId{"OPS-7"},
          .kind = "topics",
          .revision = 3,
          .digest = "d",
          .batch_digest = "b",
          .policy_version = "7",
          .policy_digest = "p",
          .live_fingerprint = "l",
          .cluster_id = "c",
          .environment = EnvironmentName{"prod"},
          .requester = {"token:ci", "kim", "ops", "t1"},
          .approvers = {{"lee", "lee", "lee", ""}, {"ann", "ann", "ann", "t2"}},
          .issued_at = TimePoint{std::chrono::milliseconds{1'700'000'000'001}},
          .expires_at = TimePoint{std::chrono::milliseconds{1'700'086'400'001}},
          .remaining = 0};
}

TEST(ApprovalClaims, ComeBackWhole_G2) {
  const auto read = read_claims(write_claims(claims()));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, claims());
}

// Every member is bound: without it, with another type or beside one more, there are no claims.
TEST(ApprovalClaims, NoMemberIsOptionalAndNoneMayBeAdded) {
  const Json whole = Json::parse(write_claims(claims()));
  EXPECT_EQ(whole.size(), 17U);
  for (const auto& [name, value] : whole.items()) {
    Json lacking = whole;
    lacking.erase(name);
    EXPECT_FALSE(read_claims(canonical_json(lacking))) << name;
    Json odd = whole;
    odd[name] = value.is_string() ? Json(7) : Json("7");
    EXPECT_FALSE(read_claims(canonical_json(odd))) << name;
  }
  Json more = whole;
  more["admin"] = true;
  EXPECT_FALSE(read_claims(canonical_json(more)));
}

TEST(ApprovalClaims, HaveOneText) {
  const std::string text = write_claims(claims());
  EXPECT_FALSE(read_claims(" " + text));
  EXPECT_FALSE(read_claims(Json::parse(text).dump(1)));
  for (const char* bad : {"", "{", "[]", "null", "7", "{}", "\"x\""}) EXPECT_FALSE(read_claims(bad)) << bad;
}

}  // namespace
}  // namespace sluice::governance::domain
