#include "governance/domain/change/quorum.h"

#include <gtest/gtest.h>

#include "governance/domain/change/persons.h"

namespace sluice::governance::domain {
namespace {

constexpr TimePoint kNow{std::chrono::hours{1000}};

struct PersonsCase {
  const char* what;
  Actor a;
  Actor b;
  bool share;
};
void PrintTo(const PersonsCase& c, std::ostream* out) { *out << c.what; }

class Persons_ : public testing::TestWithParam<PersonsCase> {};
TEST_P(Persons_, AreComparedAsPeople_G2) {
  EXPECT_EQ(share_a_person(GetParam().a, GetParam().b), GetParam().share);
  EXPECT_EQ(share_a_person(GetParam().b, GetParam().a), GetParam().share);
}
INSTANTIATE_TEST_SUITE_P(
    Actors, Persons_,
    testing::Values(PersonsCase{"the same id", {"kim", "", "", ""}, {"kim", "", "", ""}, true},
                    PersonsCase{"another spelling", {"Kim@Example.com", "", "", ""}, {" kim@example.COM ", "", "", ""}, true},
                    PersonsCase{"two people", {"kim", "kim", "", ""}, {"lee", "lee", "", ""}, false},
                    PersonsCase{"one's token", {"kim", "kim", "", ""}, {"token:ci", "Kim", "ops", ""}, true},
                    PersonsCase{"a token one issued", {"kim", "kim", "", ""}, {"token:ci", "lee", "KIM", ""}, true},
                    PersonsCase{"two tokens of one issuer", {"token:a", "lee", "ops", ""}, {"token:b", "kim", "ops", ""}, true},
                    PersonsCase{"issuer here, owner there", {"token:a", "lee", "ops", ""}, {"token:b", "ops", "kim", ""}, true},
                    PersonsCase{"one name, other people", {"token:a", "lee", "ops", ""}, {"token:A", "kim", "ann", ""}, true},
                    PersonsCase{"all apart", {"token:a", "lee", "ops", ""}, {"token:b", "kim", "ann", ""}, false}));

TEST(PersonsOf, AreNeverEmpty) {
  EXPECT_EQ(persons_of({"Kim", "", "", ""}).owner, "kim");
  EXPECT_EQ(persons_of({"Kim", "", "", ""}).issuer, "kim");
  EXPECT_EQ(persons_of({"token:x", " Lee ", "", ""}).issuer, "lee");
}

StoredApproval approval(const char* who, std::int64_t revision = 2, const char* digest = "d") {
  StoredApproval approval;
  approval.id = std::string(who) + std::to_string(revision);
  approval.revision = revision;
  approval.digest = digest;
  approval.approver = {who, who, "", ""};
  approval.expires_at = kNow + std::chrono::hours{1};
  return approval;
}

ChangeFile file(std::vector<StoredApproval> approvals) {
  ChangeFile file;
  file.change.revision = 2;
  file.change.digest = "d";
  file.requesters = {{"kim", "kim", "", ""}, {"token:ci", "max", "eve", ""}};
  file.approvals = std::move(approvals);
  return file;
}

std::size_t counting(const ChangeFile& file) { return counting_approvals(file, kNow).size(); }

TEST(Quorum, CountsPeopleWhoAskedForNothing_G2) {
  EXPECT_EQ(counting(file({approval("lee"), approval("ann")})), 2U);
  EXPECT_EQ(counting(file({approval("kim")})), 0U);
  EXPECT_EQ(counting(file({approval("MAX"), approval("Eve")})), 0U);  // behind an older revision
}

TEST(Quorum, CountsAPersonOnce) {
  EXPECT_EQ(counting(file({approval("lee"), approval("LEE", 1)})), 1U);
  auto token = approval("token:bot");
  token.approver = {"token:bot", "ann", "lee", ""};
  EXPECT_EQ(counting(file({approval("lee"), token})), 1U);
  EXPECT_EQ(counting(file({token, approval("lee"), approval("ann"), approval("joe")})), 2U);
}

TEST(Quorum, LeavesOutWhatIsSpentExpiredRejectedOrForAnotherPlan) {
  auto spent = file({approval("lee", 1), approval("ann", 2)});
  spent.change.spent_revision = 1;
  EXPECT_EQ(counting(spent), 1U);
  auto expired = approval("lee");
  expired.expires_at = kNow;
  EXPECT_EQ(counting(file({expired})), 0U);
  auto rejected = approval("lee");
  rejected.decision = Decision::kReject;
  EXPECT_EQ(counting(file({rejected})), 0U);
  EXPECT_EQ(counting(file({approval("lee", 2, "other")})), 0U);
  EXPECT_EQ(counting(file({approval("lee", 1)})), 1U);  // an older revision of the same plan
}

TEST(Quorum, NeverAsksForLessThanNothing) {
  EXPECT_EQ(remaining(2, 0), 2);
  EXPECT_EQ(remaining(2, 2), 0);
  EXPECT_EQ(remaining(1, 3), 0);
}

}  // namespace
}  // namespace sluice::governance::domain
