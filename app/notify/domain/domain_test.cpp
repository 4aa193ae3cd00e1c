#include <gtest/gtest.h>

#include "notify/domain/delivery.h"
#include "notify/domain/target.h"
#include "notify/domain/wording.h"

namespace sluice::notify::domain {
namespace {

Message message() {
  return {.event = "change.approved",
          .environment = "prod",
          .change_id = "PAY-123_orders",
          .issue = "PAY-123",
          .actor = "token:ci",
          .owner = "kim@example.com",
          .summary = "3 creates, 1 delete",
          .facts = Json::object(),
          .at = TimePoint{}};
}

TEST(SlackText, SaysWhatWhereAndByWhom) {
  EXPECT_EQ(slack_text(message(), "https://sluice.example/v1/changes/PAY-123_orders"),
            "*Approved* <https://sluice.example/v1/changes/PAY-123_orders|PAY-123_orders> in prod by token:ci "
            "(kim@example.com): 3 creates, 1 delete");
  EXPECT_EQ(slack_text(message(), ""), "*Approved* PAY-123_orders in prod by token:ci (kim@example.com): 3 creates, 1 delete");
}

TEST(SlackText, LetsNobodyBeCalled) {
  Message hostile = message();
  hostile.summary = "<!channel> <@U1> <https://evil|ok> & \n\x1b";
  const std::string text = slack_text(hostile, "");
  EXPECT_NE(text.find("&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil|ok&gt; &amp; \\n\\x1b"), std::string::npos) << text;
}

TEST(JiraWikiText, EscapesMarkup) {
  Message hostile = message();
  hostile.summary = "{code} [~admin] !http://e/x.png! *b*";
  EXPECT_NE(jira_wiki_text(hostile, "https://s/c").find(R"(\{code\} \[\~admin\] \!http://e/x.png\! \*b\*)"), std::string::npos)
      << jira_wiki_text(hostile, "https://s/c");
}

TEST(JiraDocument, KeepsWhatUsersWroteAsText) {
  Message hostile = message();
  hostile.summary = R"({"type":"mention"})";
  const Json document = jira_document(hostile, "https://s/c");
  EXPECT_EQ(document["content"][0]["content"][2],
            Json::parse(R"({"type": "text", "text": "PAY-123_orders",
                            "marks": [{"type": "link", "attrs": {"href": "https://s/c"}}]})"));
  EXPECT_EQ(document["content"][0]["content"][3]["text"], R"( in prod by token:ci (kim@example.com): {"type":"mention"})");
}

struct PartsCase {
  const char* name;
  Target target;
  std::string issue;
  std::vector<Part> parts;
};
class PartsFor : public testing::TestWithParam<PartsCase> {};
TEST_P(PartsFor, GivesWhatTheTargetWants) {
  Message told = message();
  told.issue = GetParam().issue;
  EXPECT_EQ(parts_for(GetParam().target, told), GetParam().parts);
}
INSTANTIATE_TEST_SUITE_P(
    G13, PartsFor,
    testing::Values(PartsCase{"SlackAll", {"s", TargetKind::kSlack, {}, {}, {}}, "", {Part::kMessage}},
                    PartsCase{"ThisEvent", {"s", TargetKind::kSlack, {"change.approved"}, {}, {}}, "", {Part::kMessage}},
                    PartsCase{"OtherEvent", {"s", TargetKind::kSlack, {"drift.found"}, {}, {}}, "", {}},
                    PartsCase{"ThisEnvironment", {"s", TargetKind::kWebhook, {}, {"pr*"}, {}}, "", {Part::kMessage}},
                    PartsCase{"OtherEnvironment", {"s", TargetKind::kWebhook, {}, {"dev", "stg"}, {}}, "", {}},
                    PartsCase{"JiraWithoutIssue", {"j", TargetKind::kJira, {}, {}, {}}, "", {}},
                    PartsCase{"JiraComment", {"j", TargetKind::kJira, {}, {}, {{"change.applied", "Done"}}}, "PAY-1", {Part::kMessage}},
                    PartsCase{"JiraTransition", {"j", TargetKind::kJira, {}, {}, {{"change.approved", "Go"}}}, "PAY-1",
                              {Part::kMessage, Part::kTransition}}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(RetryPolicy, WaitsLongerEachTimeUpToABound) {
  const RetryPolicy policy;
  EXPECT_EQ(policy.wait_after(1, 0.999999).count(), 999);
  EXPECT_GE(policy.wait_after(5, 0), std::chrono::seconds{8});
  EXPECT_LE(policy.wait_after(1'000'000, 0.99), policy.longest_wait);
  EXPECT_GE(policy.wait_after(1'000'000, 0), policy.longest_wait / 2);
}

TEST(DeliveryState, IsReadInEitherCase) {
  EXPECT_EQ(parse_delivery_state("dead"), DeliveryState::kDead);
  EXPECT_EQ(parse_delivery_state("PENDING"), DeliveryState::kPending);
  EXPECT_EQ(parse_delivery_state("gone"), std::nullopt);
}

}  // namespace
}  // namespace sluice::notify::domain
