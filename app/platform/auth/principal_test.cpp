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
