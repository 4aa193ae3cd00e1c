// Slack, Jira and webhooks against real local servers: what goes out, and what every kind of answer
// comes to (G13, S20).
#include <gtest/gtest.h>

#include "notify/infrastructure/jira_sender.h"
#include "notify/infrastructure/slack_sender.h"
#include "notify/infrastructure/webhook_sender.h"
#include "platform/core/sha256.h"
#include "platform/core/text.h"
#include "support/http_target.h"

namespace sluice::notify::infrastructure {
namespace {

using domain::Delivery;
using domain::SendOutcome;
using http::Method;
using http::Request;
using http::Response;
using Kind = SendOutcome::Kind;
using test::HttpTarget;
using test::RawTarget;

Delivery delivery() {
  Delivery delivery;
  delivery.id = "0193-id";
  delivery.target = "t";
  delivery.attempts = 1;
  delivery.message = {.event = "change.approved",
                      .environment = "prod",
                      .change_id = "PAY-1_x",
                      .issue = "PAY-1",
                      .actor = "kim",
                      .owner = "kim",
                      .summary = "2 creates <!here>",
                      .facts = Json{{"digest", "d"}},
                      .at = TimePoint{std::chrono::milliseconds{1'700'000'000'000}}};
  return delivery;
}

Destination to(const std::string& url) {
  auto destination = parse_destination(url);
  EXPECT_TRUE(destination) << url;
  return std::move(*destination);
}

SlackSender slack(const std::string& url) { return {to(url), Reach::kPrivateToo, "https://s.example"}; }

TEST(SlackSender, PostsAnEscapedTextWithALink) {
  HttpTarget target;
  target.on(Method::kPost, "/hook", [](const Request&) { return Response::text(200, "ok"); }).start();
  auto sender = slack(target.origin() + "/hook");
  EXPECT_EQ(sender.send(delivery()).kind, Kind::kDelivered);
  const auto seen = target.seen();
  ASSERT_EQ(seen.size(), 1U);
  const Json body = Json::parse(seen[0].body);
  EXPECT_EQ(body["text"], "*Approved* <https://s.example/v1/changes/PAY-1_x|PAY-1_x> in prod by kim: 2 creates &lt;!here&gt;");
  EXPECT_EQ(body["link_names"], false);
  EXPECT_EQ(seen[0].headers.get("authorization"), "");
}

TEST(WebhookSender, SignsTheBodyAndNamesTheDelivery) {
  HttpTarget target;
  target.on(Method::kPost, "/hook", [](const Request&) { return Response::text(204, ""); }).start();
  const std::string secret = "0123456789abcdef";
  const ManualClock clock(TimePoint{std::chrono::milliseconds{1'700'000'001'500}});
  WebhookSender sender(to(target.origin() + "/hook"), Reach::kPrivateToo, secret, "", clock);
  EXPECT_EQ(sender.send(delivery()).kind, Kind::kDelivered);
  EXPECT_EQ(sender.send(delivery()).kind, Kind::kDelivered);
  const auto seen = target.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].headers.get("x-sluice-id"), "0193-id");
  EXPECT_EQ(seen[1].headers.get("x-sluice-id"), "0193-id") << "the same on every attempt";
  EXPECT_EQ(seen[0].headers.get("x-sluice-signature"), "t=1700000001,v1=" + hmac_sha256_hex(secret, "1700000001." + seen[0].body));
  const Json body = Json::parse(seen[0].body);
  EXPECT_EQ(body["id"], "0193-id");
  EXPECT_EQ(body["event"], "change.approved");
  EXPECT_EQ(body["facts"]["digest"], "d");
  EXPECT_EQ(body["changeId"], "PAY-1_x");
}

class JiraTest : public testing::Test {
 protected:
  JiraSender jira(JiraApi api = JiraApi::kV3, std::string user = "bot@example.com") {
    return {to(target_.origin()), Reach::kPrivateToo,
            JiraOptions{api, std::move(user), "t0ken", {{"change.approved", "In Progress"}}, "https://s.example"}};
  }
  static Delivery transition() {
    Delivery wanted = delivery();
    wanted.part = domain::Part::kTransition;
    return wanted;
  }
  HttpTarget target_;
};

TEST_F(JiraTest, CommentsInTheDocumentFormatOfVersionThree) {
  target_.on(Method::kPost, "/rest/api/3/issue/{key}/comment", [](const Request&) { return Response::json(201, Json::object()); }).start();
  auto sender = jira();
  EXPECT_EQ(sender.send(delivery()).kind, Kind::kDelivered);
  const auto seen = target_.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].path, "/rest/api/3/issue/PAY-1/comment");
  EXPECT_EQ(seen[0].headers.get("authorization"), "Basic Ym90QGV4YW1wbGUuY29tOnQwa2Vu");
  EXPECT_EQ(Json::parse(seen[0].body)["body"]["type"], "doc");
}

TEST_F(JiraTest, CommentsInWikiMarkupOfVersionTwoWithABearerToken) {
  target_.on(Method::kPost, "/rest/api/2/issue/{key}/comment", [](const Request&) { return Response::json(201, Json::object()); }).start();
  auto sender = jira(JiraApi::kV2, "");
  EXPECT_EQ(sender.send(delivery()).kind, Kind::kDelivered);
  const auto seen = target_.seen();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].headers.get("authorization"), "Bearer t0ken");
  EXPECT_TRUE(Json::parse(seen[0].body)["body"].is_string());
}

TEST_F(JiraTest, MakesTheTransitionByItsNameOrItsStatus) {
  target_
      .on(Method::kGet, "/rest/api/3/issue/{key}/transitions",
          [](const Request&) {
            return Response::json(200, Json::parse(R"({"transitions": [{"id": "11", "name": "Close", "to": {"name": "Done"}},
                                                       {"id": "21", "name": "Start", "to": {"name": "In progress"}}]})"));
          })
      .on(Method::kPost, "/rest/api/3/issue/{key}/transitions", [](const Request&) { return Response::text(204, ""); })
      .start();
  auto sender = jira();
  EXPECT_EQ(sender.send(transition()).kind, Kind::kDelivered);
  const auto seen = target_.seen();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(Json::parse(seen[1].body), Json::parse(R"({"transition": {"id": "21"}})"));
}

TEST_F(JiraTest, CountsATransitionThatIsMadeAlreadyAndRefusesOneThatIsNotOffered) {
  std::string status = "In Progress";
  target_
      .on(Method::kGet, "/rest/api/3/issue/{key}/transitions",
          [](const Request&) { return Response::json(200, Json::parse(R"({"transitions": []})")); })
      .on(Method::kGet, "/rest/api/3/issue/{key}",
          [&status](const Request&) { return Response::json(200, Json{{"fields", {{"status", {{"name", status}}}}}}); })
      .start();
  auto sender = jira();
  EXPECT_EQ(sender.send(transition()).kind, Kind::kDelivered);
  status = "Done";
  const SendOutcome outcome = sender.send(transition());
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_EQ(outcome.reason, "the issue offers no transition 'In Progress' (its status: Done)");
}

TEST_F(JiraTest, TriesOnlyTheLoginInATestWithoutAnIssue) {
  target_.on(Method::kGet, "/rest/api/3/myself", [](const Request&) { return Response::json(401, Json{{"message", "bad t0ken"}}); }).start();
  auto sender = jira();
  Delivery test = delivery();
  test.message.issue.clear();
  const SendOutcome outcome = sender.send(test);
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_EQ(outcome.reason, "answered 401: {\"message\":\"bad ***\"}") << "a secret that the target says is not repeated";
}

TEST_F(JiraTest, SurvivesEveryListOfTransitionsThatIsNone) {  // S20
  std::string body;
  target_.on(Method::kGet, "/rest/api/3/issue/{key}/transitions", [&body](const Request&) {
    Response response = Response::text(200, body);
    response.content_type = "application/json";
    return response;
  });
  target_.start();
  auto sender = jira();
  for (const std::string& evil :
       {std::string(), std::string("null"), std::string("[]"), std::string("{"), std::string(60'000, '['),
        std::string(R"({"transitions": 5})"), std::string(R"({"transitions": [null, 1, {"name": {}}, {"to": []}]})"),
        std::string("{\"a\":1,\"a\":2}"), std::string("\xff\xfe"), std::string(100'000, ' ')}) {
    body = evil;
    EXPECT_NE(sender.send(transition()).kind, Kind::kDelivered) << evil.substr(0, 60);
  }
}

struct AnswerCase {
  int status;
  std::string retry_after;
  Kind kind;
  std::int64_t pause_s;  // -1 = none
};

TEST(Outcome, OfEveryKindOfStatus) {
  int status = 200;
  std::string retry_after;
  HttpTarget target;
  target.on(Method::kPost, "/hook", [&](const Request&) {
    Response response = Response::text(status, "why");
    if (!retry_after.empty()) response.headers.set("retry-after", retry_after);
    if (status == 302) response.headers.set("location", "/hook");
    return response;
  });
  target.start();
  auto sender = slack(target.origin() + "/hook");
  for (const AnswerCase& c :
       {AnswerCase{200, "", Kind::kDelivered, -1}, {204, "", Kind::kDelivered, -1}, {302, "", Kind::kRefused, -1},
        {400, "", Kind::kRefused, -1}, {403, "", Kind::kRefused, -1}, {404, "", Kind::kRefused, -1}, {408, "", Kind::kFailed, -1},
        {410, "", Kind::kRefused, -1}, {429, "", Kind::kFailed, -1}, {429, "7", Kind::kFailed, 7}, {429, "0", Kind::kFailed, 1},
        {429, "-5", Kind::kFailed, 1}, {429, "99999999999999999999", Kind::kFailed, 3600}, {429, "1000000", Kind::kFailed, 3600},
        {429, "soon", Kind::kFailed, -1}, {500, "9", Kind::kFailed, -1}, {503, "3", Kind::kFailed, 3}, {599, "", Kind::kFailed, -1}}) {
    status = c.status;
    retry_after = c.retry_after;
    const SendOutcome outcome = sender.send(delivery());
    EXPECT_EQ(outcome.kind, c.kind) << c.status << " " << c.retry_after;
    const auto expected = c.pause_s < 0 ? std::nullopt : std::optional<std::chrono::milliseconds>(std::chrono::seconds{c.pause_s});
    EXPECT_EQ(outcome.pause, expected) << c.status << " " << c.retry_after;
  }
  for (const auto& request : target.seen()) EXPECT_EQ(request.path, "/hook");
}

TEST(Outcome, OfAServerThatIsNotThere) {
  std::string origin;
  {
    test::CountingListener gone;
    origin = fmt::format("http://127.0.0.1:{}", gone.port());
  }
  auto sender = slack(origin + "/T0/secret");
  const SendOutcome outcome = sender.send(delivery());
  EXPECT_EQ(outcome.kind, Kind::kFailed);
  EXPECT_EQ(outcome.reason.find("secret"), std::string::npos) << outcome.reason;
}

TEST(Outcome, OfHostileAnswers) {  // S20: time, size and grammar
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  struct Case {
    const char* name;
    std::string bytes;
    RawTarget::Then then;
  };
  for (const Case& c : {Case{"never answers", "", RawTarget::Then::kHold},
                        Case{"hangs in its head", "HTTP/1.1 200 OK\r\nx: ", RawTarget::Then::kHold},
                        Case{"hangs in its body", ok + "content-length: 10\r\n\r\nabc", RawTarget::Then::kHold},
                        Case{"too large", ok + "content-length: 70000\r\n\r\n" + std::string(70'000, 'a'), RawTarget::Then::kClose},
                        Case{"cut short", ok + "content-length: 10\r\n\r\nabc", RawTarget::Then::kClose},
                        Case{"no http", "\x16\x03\x01\x02\x03 nonsense\n\n", RawTarget::Then::kClose},
                        Case{"endless head", ok + std::string(400'000, 'x'), RawTarget::Then::kClose},
                        Case{"an old protocol", "HTTP/0.9\r\n\r\n", RawTarget::Then::kClose}}) {
    RawTarget target(c.bytes, c.then);
    auto sender = slack(target.origin() + "/hook");
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(sender.send(delivery()).kind, Kind::kFailed) << c.name;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20}) << c.name;  // 2 s, and room for a busy machine
  }
}

TEST(Outcome, NeverRepeatsRubbish) {
  RawTarget target("HTTP/1.1 500 X\r\ncontent-length: 12\r\n\r\n\x1b[31m\xff\xfe\x00" "abcd", RawTarget::Then::kClose);
  auto sender = slack(target.origin() + "/hook");
  const SendOutcome outcome = sender.send(delivery());
  EXPECT_EQ(outcome.reason.find('\x1b'), std::string::npos);
  EXPECT_TRUE(is_valid_utf8(outcome.reason)) << outcome.reason;
}

}  // namespace
}  // namespace sluice::notify::infrastructure
