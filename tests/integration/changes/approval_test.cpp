// A change from plan to approval on both databases: quorum, refusals, what voids an approval (G2, G25).
#include <algorithm>
#include <thread>

#include "approval_fixture.h"

namespace sluice::test {
namespace {

template <typename Bench>
class Approvals : public ApprovalTest<Bench> {};
TYPED_TEST_SUITE(Approvals, BothDatabases);

TYPED_TEST(Approvals, OneApprovalOfOneGivesATokenThatTheGateTakes) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a");
  const auto approved = bench.approve(digest, caller("lee"));
  ASSERT_TRUE(approved) << approved.error().describe();
  EXPECT_EQ(approved->remaining, 0);
  EXPECT_EQ(bench.state(), ChangeState::kApproved);
  const auto by_token = bench.gate->by_token(approved->token, soon());
  ASSERT_TRUE(by_token) << by_token.error().describe();
  EXPECT_EQ(by_token->plan.digest, digest);
  EXPECT_FALSE(by_token->execution_started);
  EXPECT_EQ(by_token->approvers.at(0).id, "lee");
  const auto by_change = bench.gate->by_change(kChange, soon());
  ASSERT_TRUE(by_change) << by_change.error().describe();
  EXPECT_EQ(by_change->approval_id, by_token->approval_id);
  EXPECT_EQ(bench.count("audit_records", "action = 'change.approve'"), 1);
}

TYPED_TEST(Approvals, BelowTheQuorumThereIsNoToken) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a", {"kim", "kim", "", ""}, 2);
  const auto first = bench.approve(digest, caller("lee")).value();
  EXPECT_EQ(first.remaining, 1);
  EXPECT_EQ(first.token, "");
  EXPECT_EQ(bench.gate_code(bench.gate->by_change(kChange, soon())), "change.not-approved");
  // What was signed for the first is on record, and no token.
  const auto statement = bench.changes.find(kChange, soon()).value()->approvals.at(0).statement;
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(statement, soon())), "approval.incomplete");
  const auto second = bench.approve(digest, caller("ann")).value();
  EXPECT_EQ(second.remaining, 0);
  EXPECT_EQ(bench.gate->by_token(second.token, soon()).value().approvers.size(), 2U);
}

// Asked again, as after a lost answer: the same answer, and nothing more on record.
TYPED_TEST(Approvals, TheSamePersonGetsTheSameAnswerAgain) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a", {"kim", "kim", "", ""}, 2);
  EXPECT_EQ(bench.approve(digest, caller("lee")).value().remaining, 1);
  EXPECT_EQ(bench.approve(digest, caller("LEE")).value().remaining, 1);
  const auto token = bench.approve(digest, caller("ann")).value().token;
  EXPECT_EQ(bench.approve(digest, caller("ann")).value().token, token);
  EXPECT_EQ(bench.approve(digest, caller("lee")).value().token, token);
  EXPECT_EQ(bench.count("governance_approvals"), 2);
}

TYPED_TEST(Approvals, RefusesAndRecordsWhoMayNot) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a", {"token:ci", "Kim", "Ops", ""}, 2);
  EXPECT_EQ(bench.why(bench.approve(digest, caller("token:ci", "kim", "ops"))), "approval.own-change");
  EXPECT_EQ(bench.why(bench.approve(digest, caller("kim"))), "approval.own-change");
  EXPECT_EQ(bench.why(bench.approve(digest, caller("OPS"))), "approval.own-change");
  EXPECT_EQ(bench.why(bench.approve(digest, caller("token:b", "lee", "kim"))), "approval.own-change");
  EXPECT_EQ(bench.why(bench.approve(sha256_hex("b"), caller("lee"))), "approval.digest");
  Caller scoped = caller("lee");
  scoped.may = [](Right right, std::string_view, std::string_view name) {
    return right == Right::kRead || name == "prod.other";
  };
  EXPECT_EQ(bench.why(bench.approve(digest, scoped)), "auth.forbidden");
  scoped.may = [](Right, std::string_view, std::string_view) { return false; };
  EXPECT_EQ(bench.why(bench.approve(digest, scoped)), "change.not-found");
  ASSERT_TRUE(bench.approve(digest, caller("lee")));
  EXPECT_EQ(bench.why(bench.approve(digest, caller("token:c", "ann", "lee"))), "approval.same-person");
  EXPECT_EQ(bench.count("governance_approvals"), 1);
  EXPECT_EQ(bench.count("audit_records", "outcome = 'refused'"), 7);
}

// May approve in one environment, and read in others.
Caller approver_in(const std::string& environment, const std::vector<std::string>& readable) {
  Caller eve = caller("eve");
  eve.may = [=](Right right, std::string_view in, std::string_view) {
    if (right != Right::kRead) return in == environment;
    return std::find(readable.begin(), readable.end(), in) != readable.end();
  };
  return eve;
}

// A change of policies is filed under one environment, and is about all that it touches.
TYPED_TEST(Approvals, PoliciesTakeTheRightInEveryEnvironmentThatTheyTouch) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan_policies({"dev", "prod"});
  const Caller dev_only = approver_in("dev", {"dev"});
  const Caller reader = approver_in("dev", {"dev", "prod"});
  EXPECT_EQ(bench.why(bench.approve(digest, dev_only)), "change.not-found");
  const auto refused = bench.approve(digest, reader);
  EXPECT_EQ(bench.why(refused), "auth.forbidden");
  EXPECT_NE(refused.error().message.find("prod"), std::string::npos) << refused.error().message;
  EXPECT_EQ(bench.decisions->reject(kChange, "", reader, soon()).error().code, "auth.forbidden");
  EXPECT_EQ(bench.decisions->cancel(kChange, "", reader, soon()).error().code, "change.not-requester");

  governance::application::ShowChanges shown(bench.changes, bench.plans, nullptr, bench.clock);
  EXPECT_EQ(shown.story(kChange, dev_only, soon()).error().code, "change.not-found");
  EXPECT_TRUE(shown.list({}, dev_only, soon()).value()["changes"].empty());
  EXPECT_EQ(shown.list({}, reader, soon()).value()["changes"].size(), 1U);
  EXPECT_TRUE(shown.story(kChange, reader, soon()));

  EXPECT_EQ(bench.count("governance_approvals"), 0);
  EXPECT_EQ(bench.approve(digest, caller("lee")).value().remaining, 0);
}

TYPED_TEST(Approvals, ABlockedPlanCantBeApproved) {
  auto& bench = this->bench_;
  EXPECT_EQ(bench.why(bench.approve(bench.plan("a", {"kim", "kim", "", ""}, 1, 1), caller("lee"))), "change.blocked");
}

TYPED_TEST(Approvals, AnEditVoidsThemAlsoWhenItIsTakenBack) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a");
  const auto token = bench.approve(digest, caller("lee")).value().token;
  bench.plan("b");
  EXPECT_EQ(bench.state(), ChangeState::kPlanned);
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(token, soon())), "approval.superseded");
  bench.plan("a");
  EXPECT_EQ(bench.state(), ChangeState::kPlanned);
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(token, soon())), "approval.superseded");
  EXPECT_EQ(bench.gate_code(bench.gate->by_change(kChange, soon())), "change.not-approved");
}

// Whoever can write to the database may show a plan that is not the one its digest is of.
TYPED_TEST(Approvals, APlanThatWasChangedSinceIsNotApproved) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a");
  auto forged = bench.plans.find(kChange, std::nullopt).value().value();
  forged.document.replace(forged.document.find("prod.orders.a"), 13, "prod.orders.b");
  ASSERT_TRUE(bench.plans.append(forged));
  EXPECT_EQ(bench.why(bench.approve(digest, caller("lee"))), "plan.tampered");
  EXPECT_EQ(bench.state(), ChangeState::kPlanned);
}

TYPED_TEST(Approvals, TheSamePlanAgainKeepsThem) {
  auto& bench = this->bench_;
  const auto token = bench.approve(bench.plan("a"), caller("lee")).value().token;
  bench.plan("a", {"joe", "joe", "", ""});
  EXPECT_EQ(bench.state(), ChangeState::kApproved);
  EXPECT_TRUE(bench.gate->by_token(token, soon()));
  // Until the one who approved it asks for it: then nobody else has looked at it.
  bench.plan("a", {"token:ci", "LEE", "", ""});
  EXPECT_EQ(bench.state(), ChangeState::kPlanned);
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(token, soon())), "change.not-approved");
}

TYPED_TEST(Approvals, ExpireWithTheEarliest) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a", {"kim", "kim", "", ""}, 2);
  const auto first = bench.approve(digest, caller("lee")).value();
  bench.clock.advance(std::chrono::hours{23});
  const auto second = bench.approve(digest, caller("ann")).value();
  EXPECT_EQ(second.expires_at, first.expires_at);
  bench.clock.advance(std::chrono::hours{1});
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(second.token, soon())), "approval.expired");
  EXPECT_EQ(bench.why(bench.approve(digest, caller("joe"))), "approval.expired");
  bench.plan("a", {"kim", "kim", "", ""}, 2);
  EXPECT_EQ(bench.state(), ChangeState::kPlanned);
  EXPECT_EQ(bench.approve(digest, caller("lee")).value().remaining, 1);
}

TYPED_TEST(Approvals, RejectAndCancelSpendThem) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a");
  const auto token = bench.approve(digest, caller("lee")).value().token;
  ASSERT_TRUE(bench.decisions->reject(kChange, "not today", caller("lee"), soon()));
  EXPECT_EQ(bench.state(), ChangeState::kRejected);
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(token, soon())), "approval.superseded");
  EXPECT_EQ(bench.why(bench.approve(digest, caller("ann"))), "change.state");
  bench.plan("a");
  EXPECT_EQ(bench.gate_code(bench.gate->by_token(token, soon())), "approval.superseded");
  EXPECT_EQ(bench.approve(digest, caller("lee")).value().remaining, 0);
  Caller other = caller("ann");
  other.may = [](Right right, std::string_view, std::string_view) { return right != Right::kAdminister; };
  EXPECT_EQ(bench.decisions->cancel(kChange, "", other, soon()).error().code, "change.not-requester");
  ASSERT_TRUE(bench.decisions->cancel(kChange, "", caller("Kim"), soon()));
  EXPECT_EQ(bench.state(), ChangeState::kCancelled);
  EXPECT_EQ(bench.decisions->cancel(kChange, "", caller("kim"), soon()).error().code, "change.state");
}

TYPED_TEST(Approvals, AnApprovalStartsOneExecution) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a");
  const auto token = bench.approve(digest, caller("lee")).value().token;
  bench.start_execution(bench.gate->by_token(token, soon()).value().approval_id);
  EXPECT_EQ(bench.plans.append({.change_id = kChange,
                                .environment = EnvironmentName{"prod"},
                                .requester = {"kim", "", "", ""},
                                .digest = digest,
                                .document = "{}",
                                .created_at = bench.clock.now()})
                .error()
                .code,
            "change.in-progress");
  EXPECT_EQ(bench.why(bench.approve(digest, caller("ann"))), "change.state");
  bench.clock.advance(std::chrono::hours{100});
  for (const auto& passed : {bench.gate->by_token(token, soon()), bench.gate->by_change(kChange, soon())}) {
    ASSERT_TRUE(passed) << passed.error().describe();  // expired, and yet it may resume
    EXPECT_TRUE(passed->execution_started);
    EXPECT_TRUE(passed->current);
  }
}

TYPED_TEST(Approvals, OtherPoliciesVoidThem) {
  auto& bench = this->bench_;
  const auto token = bench.approve(bench.plan("a"), caller("lee")).value().token;
  governance::domain::PolicySet other;
  other.version = "8";
  other.digest = "other";
  const governance::application::PolicyStore in_force(std::move(other));
  ApprovalGate gate(bench.changes, bench.plans, in_force, bench.seal, bench.clock);
  EXPECT_EQ(bench.gate_code(gate.by_token(token, soon())), "apply.policy-changed");
  EXPECT_EQ(bench.gate_code(gate.by_change(kChange, soon())), "apply.policy-changed");
}

TYPED_TEST(Approvals, WithoutASigningKeyNothingIsRecorded) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a");
  std::filesystem::remove_all(bench.keys_folder());
  bench.clock.advance(std::chrono::seconds{2});
  const auto refused = bench.approve(digest, caller("lee"));
  EXPECT_EQ(bench.why(refused), "keys.missing");
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(bench.count("governance_approvals"), 0);
  EXPECT_EQ(bench.state(), ChangeState::kPlanned);
}

// Whatever the order: one of them completes the quorum, and nobody is counted twice.
TYPED_TEST(Approvals, ManyAtOnceCompleteAQuorumOnce) {
  auto& bench = this->bench_;
  const std::string digest = bench.plan("a", {"kim", "kim", "", ""}, 3);
  constexpr std::size_t kPeople = 6;
  std::vector<std::string> tokens(kPeople);
  std::vector<std::string> codes(kPeople);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kPeople; ++i) {
      threads.emplace_back([&, i] {
        const auto approved =
            bench.decisions->approve(kChange, digest, "", caller("person-" + std::to_string(i)), soon());
        if (approved) tokens[i] = approved->token;
        if (!approved) codes[i] = approved.error().code;
      });
    }
  }
  EXPECT_EQ(std::count_if(tokens.begin(), tokens.end(), [](const auto& token) { return !token.empty(); }), 1);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), "change.state"), 3);
  EXPECT_EQ(bench.count("governance_approvals"), 3);
  EXPECT_EQ(bench.state(), ChangeState::kApproved);
}

}  // namespace
}  // namespace sluice::test
