#include "notify/contract/issue_key.h"

#include <gtest/gtest.h>

namespace sluice::notify::contract {
namespace {

TEST(IssueKeyIn, FindsAKeyAndNothingThatOnlyLooksLikeOne) {  // G13
  struct Case {
    const char* text;
    const char* key;
  };
  for (const Case& c : {Case{"PAY-123", "PAY-123"}, Case{"PAY-123_orders", "PAY-123"}, Case{"topics-PAY2-7.yaml", "PAY2-7"},
                        Case{"xPAY-1", ""}, Case{"pay-123", ""}, Case{"P-1", ""}, Case{"PAY-", ""}, Case{"PAY-0", ""},
                        Case{"PAY-12a", ""}, Case{"", ""}, Case{"PAY-12345678901", ""}, Case{"2025-09-25_001", ""},
                        Case{"PAY-1/../../admin", "PAY-1"}, Case{"X PAY-1 AB-2", "PAY-1"}}) {
    EXPECT_EQ(issue_key_in(c.text), c.key) << c.text;
    EXPECT_EQ(is_issue_key(c.text), *c.key != '\0' && std::string(c.text) == c.key) << c.text;
  }
}

}  // namespace
}  // namespace sluice::notify::contract
