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

struct GrantCase {
  Grant own;
  Grant asked;
  bool allowed;
};

TEST(Principal, HandsOutOnlyWhatItIsAdminFor) {
  constexpr Role kAdmin = Role::kAdmin;
  const GrantCase cases[] = {
      {{kAdmin, "*", "*"}, {kAdmin, "*", "*"}, true},
      {{kAdmin, "*", "*"}, {Role::kViewer, "prod", "prod.orders.*"}, true},
      {{Role::kApprover, "*", "*"}, {Role::kViewer, "*", "*"}, false},
      {{kAdmin, "dev", "*"}, {Role::kEditor, "dev", "dev.*"}, true},
      {{kAdmin, "dev", "*"}, {Role::kEditor, "prod", "dev.*"}, false},
      {{kAdmin, "dev", "*"}, {Role::kEditor, "*", "dev.*"}, false},
      {{kAdmin, "dev", "dev.orders.*"}, {Role::kEditor, "dev", "dev.orders.*"}, true},
      {{kAdmin, "dev", "dev.orders.*"}, {Role::kEditor, "dev", "dev.orders.created"}, true},
      {{kAdmin, "dev", "dev.orders.*"}, {Role::kEditor, "dev", "dev.orders.*.v*"}, true},
      {{kAdmin, "dev", "dev.orders.*"}, {Role::kEditor, "dev", "dev.*"}, false},
      {{kAdmin, "dev", "dev.orders.*"}, {Role::kEditor, "dev", "*"}, false},
      {{kAdmin, "dev", "dev.orders.*"}, {Role::kEditor, "dev", "dev.orders*"}, false},
      {{kAdmin, "dev", "*.dlq"}, {Role::kEditor, "dev", "dev.*.dlq"}, true},
      {{kAdmin, "dev", "*.dlq"}, {Role::kEditor, "dev", "dev.*"}, false},
      {{kAdmin, "dev", "a*b"}, {Role::kEditor, "dev", "a**b"}, true},
      {{kAdmin, "dev", "a*b"}, {Role::kEditor, "dev", "*"}, false},
      {{kAdmin, "dev", "dev.orders"}, {Role::kEditor, "dev", "dev.order*"}, false},
  };
  for (const auto& c : cases) {
    const Principal caller{"kim", "kim", "", {c.own}};
    EXPECT_EQ(caller.may_grant(c.asked), c.allowed)
        << c.own.environment << ":" << c.own.name_pattern << " hands out " << c.asked.environment << ":"
        << c.asked.name_pattern;
  }
}

TEST(Principal, WithoutGrantsMayNothing) {
  const Principal nobody{"n", "n", "", {}};
  EXPECT_FALSE(nobody.has(Role::kViewer));
  EXPECT_FALSE(nobody.may(Role::kViewer, "*", "*"));
}

}  // namespace
}  // namespace sluice::auth
