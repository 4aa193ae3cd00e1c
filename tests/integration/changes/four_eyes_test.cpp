// The database itself refuses a self-approval, in every spelling, whoever writes it (G2).
#include "approval_fixture.h"

namespace sluice::test {
namespace {

struct Row {
  const char* what;
  const char* approver;
  const char* owner;
  const char* issuer;
  bool stored = false;
};

constexpr std::array kRows{
    Row{"somebody else", "lee", "lee", "ann", true},
    Row{"the requester", "token:ci", "lee", "ann"},
    Row{"the requester, in capitals", "TOKEN:CI", "lee", "ann"},
    Row{"the requester, with a blank", " token:ci", "lee", "ann"},
    Row{"its owner", "kim", "kim", "kim"},
    Row{"its owner behind a token", "token:b", "kim", "ann"},
    Row{"its owner as an issuer", "token:b", "lee", "kim"},
    Row{"its issuer", "ops", "ops", "ops"},
    Row{"its issuer behind a token", "token:b", "ops", "ann"},
    Row{"its issuer as an issuer", "token:b", "lee", "ops"},
    Row{"its owner, in capitals", "token:b", "KIM", "ann"},
    Row{"its owner, one capital", "token:b", "lee", "Kim"},
    Row{"its owner, with a blank", "token:b", "kim ", "ann"},
    Row{"nobody", "token:b", "", "ann"},
    Row{"nobody as an issuer", "token:b", "lee", ""},
};

constexpr const char* kInsert =
    "INSERT INTO governance_approvals (id, change_id, revision, digest, requester, requester_owner, requester_issuer,"
    " approver, approver_owner, approver_issuer, decision, created_at_ms, expires_at_ms)"
    " VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, 1, 2)";

template <typename Bench>
class FourEyes : public ApprovalTest<Bench> {
 protected:
  void SetUp() override { digest_ = this->bench_.plan("a", {"token:ci", "Kim", "Ops", ""}); }
  Result<std::int64_t> insert(const Row& row, const char* decision = "approve", const char* requester = "token:ci",
                              const char* owner = "kim", const char* issuer = "ops") {
    return this->bench_.database.database().execute(
        kInsert, {row.what, kChange.str(), digest_, requester, owner, issuer, row.approver, row.owner, row.issuer,
                  decision});
  }
  std::string digest_;
};
TYPED_TEST_SUITE(FourEyes, BothDatabases);

TYPED_TEST(FourEyes, ASelfApprovalCantBeStored) {
  for (const Row& row : kRows) EXPECT_EQ(this->insert(row).has_value(), row.stored) << row.what;
}

// The requester of an approval is the plan's: another name, another spelling or none refers to no plan.
TYPED_TEST(FourEyes, NorUnderAnotherRequestersName) {
  const Row self{"self", "kim", "kim", "kim"};
  EXPECT_FALSE(this->insert(self, "approve", "joe", "joe", "joe"));
  EXPECT_FALSE(this->insert(self, "approve", "token:ci", "Kim", "Ops"));
  EXPECT_FALSE(this->insert(self, "approve", "token:ci", "", ""));
  EXPECT_FALSE(this->insert(self, "approve", "Token:ci", "joe", "joe"));
}

TYPED_TEST(FourEyes, NorMadeOfAnother) {
  ASSERT_TRUE(this->insert(kRows[0]));
  auto& database = this->bench_.database.database();
  EXPECT_FALSE(database.execute("UPDATE governance_approvals SET approver_owner = 'kim'"));
  EXPECT_FALSE(database.execute("UPDATE governance_approvals SET requester_owner = 'lee'"));
  EXPECT_FALSE(database.execute("UPDATE governance_approvals SET decision = 'yes'"));
}

TYPED_TEST(FourEyes, WhoAskedMayReject) { EXPECT_TRUE(this->insert({"own", "kim", "kim", "kim"}, "reject")); }

TYPED_TEST(FourEyes, OnePersonApprovesARevisionOnce) {
  ASSERT_TRUE(this->insert(kRows[0]));
  EXPECT_FALSE(this->insert({"again", "token:lee", "lee", "joe"}));
}

}  // namespace
}  // namespace sluice::test
