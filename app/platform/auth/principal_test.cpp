#include "platform/auth/principal.h"

#include <gtest/gtest.h>

namespace sluice::auth {
namespace {

TEST(Role, HasOneNameEach) {
  for (const Role role : {Role::kViewer, Role::kEditor, Role::kApprover, Role::kAdmin}) {
    EXPECT_EQ(parse_role(to_string(role)), role);
  }
  for (const char* text : {"", "Admin", "root", "viewer "})
    EXPECT_EQ(parse_role(text), std::nullopt);
}

struct GlobCase {
  const char* pattern;
  const char* text;
  bool matches;
};

TEST(MatchesGlob, TreatsOnlyTheStarAsSpecial) {
  const GlobCase cases[] = {
      {"*", "", true},
      {"*", "prod.orders", true},
      {"", "", true},
      {"", "a", false},
      {"prod.*", "prod.orders", true},
      {"prod.*", "prod.", true},
      {"prod.*", "production.orders", false},
      {"*.dlq", "orders.dlq", true},
      {"*.dlq", "orders.dlq.old", false},
      {"a*b*c", "a-b-b-c", true},
      {"a*b*c", "a-c-b", false},
      {"a**b", "ab", true},
      {"a.c", "abc", false},
      {"[ab]", "a", false},
      {"a?c", "abc", false},
      {"orders", "orders", true},
      {"orders", "orders2", false},
      {"orders", "Orders", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(matches_glob(c.pattern, c.text), c.matches) << c.pattern << " against " << c.text;
  }
}

TEST(MatchesGlob, StaysFastOnAHostilePattern) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(20'000, 'a')));
}

TEST(Principal, MayDoWhatARoleAllowsWithinItsScopeOnly) {
  const Principal kim{
      "kim", "kim", "", {{Role::kViewer, "*", "*"}, {Role::kApprover, "prod", "prod.orders.*"}}};
  EXPECT_TRUE(kim.may(Role::kViewer, "test", "anything"));
  EXPECT_TRUE(kim.may(Role::kEditor, "prod", "prod.orders.created"));
  EXPECT_TRUE(kim.may(Role::kApprover, "prod", "prod.orders.created"));
  EXPECT_FALSE(kim.may(Role::kAdmin, "prod", "prod.orders.created"));
  EXPECT_FALSE(kim.may(Role::kEditor, "prod", "prod.payments.created"));
  EXPECT_FALSE(kim.may(Role::kEditor, "test", "prod.orders.created"));
  EXPECT_TRUE(kim.has(Role::kApprover));
  EXPECT_FALSE(kim.has(Role::kAdmin));
}

TEST(Principal, WithoutGrantsMayNothing) {
  const Principal nobody{"n", "n", "", {}};
  EXPECT_FALSE(nobody.has(Role::kViewer));
  EXPECT_FALSE(nobody.may(Role::kViewer, "*", "*"));
}

}  // namespace
}  // namespace sluice::auth
