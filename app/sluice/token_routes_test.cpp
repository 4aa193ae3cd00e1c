#include "sluice/token_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/auth/memory_token_repository.h"
#include "platform/http/channel.h"
#include "platform/log/memory_sink.h"
#include "platform/text/json.h"
#include "support/recording_audit_trail.h"

namespace sluice {
namespace {

using auth::Grant;
using auth::Role;
using std::chrono::seconds;

const Grant kEverything{Role::kAdmin, "*", "*"};

class TokenRoutes : public testing::Test {
 protected:
  http::Response send(http::Method method, const std::string& pattern, http::Request request, const Grant& own) {
    request.method = method;
    request.request_id = "test";
    request.deadline = Deadline::after(seconds{10});
    request.principal = std::make_shared<auth::Principal>(
        auth::Principal{"token:ops", "kim", "", {own}, issuer_});
    for (const http::Route& route : routes_) {
      if (route.method == method && route.pattern == pattern) {
        return http::call(route.handler, std::move(request), Deadline::after(seconds{10}));
      }
    }
    return {};
  }
  http::Response issue(const std::string& body, const Grant& own = kEverything) {
    http::Request request;
    request.body = body;
    return send(http::Method::kPost, "/v1/tokens", std::move(request), own);
  }
  http::Response list(http::Parameters query) {
    http::Request request;
    request.query = std::move(query);
    return send(http::Method::kGet, "/v1/tokens", std::move(request), kEverything);
  }
  http::Response revoke(const std::string& id, const Grant& own = kEverything) {
    http::Request request;
    request.path_values = {{"id", id}};
    return send(http::Method::kDelete, "/v1/tokens/{id}", std::move(request), own);
  }
  static Json json(const http::Response& response) {
    const auto document = text::parse_json(response.body);
    EXPECT_TRUE(document) << response.body;
    return document ? text::to_json(*document) : Json();
  }
  std::string log() const { return testing::PrintToString(sink_->lines()); }

  std::string issuer_ = "KIM";
  ManualClock clock_{TimePoint{seconds{1'700'000'000}}};
  auth::MemoryTokenRepository repository_;
  auth::TokenService tokens_{repository_, clock_};
  test::RecordingAuditTrail trail_;
  std::shared_ptr<log::MemorySink> sink_ = std::make_shared<log::MemorySink>();
  std::vector<http::Route> routes_ = token_routes(tokens_, trail_, log::Logger(sink_, clock_, {}));
};

TEST_F(TokenRoutes, AreForAdminsOnly) {
  ASSERT_EQ(routes_.size(), 3U);
  for (const auto& route : routes_) {
    EXPECT_EQ(route.access->role, Role::kAdmin) << route.operation_id;
    EXPECT_EQ(route.dispatch, http::Dispatch::kWorker) << route.operation_id;
  }
}

TEST_F(TokenRoutes, IssueShowsTheTokenOnceAndToNoCache) {
  const auto response = issue(R"({"name": "ci", "ttl": "1d", "grants": [{"role": "editor", "environment": "dev"}]})");
  ASSERT_EQ(response.status, 201) << response.body;
  EXPECT_EQ(response.headers.get("cache-control"), "no-store");
  const Json issued = json(response);
  const auto verified = tokens_.verify(issued["token"].get<std::string>(), Deadline::after(seconds{5}));
  ASSERT_TRUE(verified) << verified.error().describe();
  EXPECT_EQ(verified->principal->id, "token:ci");
  EXPECT_EQ(verified->principal->owner, "kim") << "the caller's owner";
  EXPECT_EQ(verified->principal->grants, (std::vector<Grant>{{Role::kEditor, "dev", "*"}}));
  EXPECT_EQ(issued["expiresAt"], "2023-11-15T22:13:20.000Z");
  EXPECT_EQ(list({}).body.find("slt_"), std::string::npos);
}

TEST_F(TokenRoutes, IssueKeepsWhoAskedBesideTheNamedOwner) {
  const Json issued = json(issue(R"({"name": "ci", "owner": "robin", "ttl": "1d", "grants": [{"role": "viewer"}]})"));
  EXPECT_EQ(issued["owner"], "robin");
  EXPECT_EQ(issued["issuer"], "kim");
}

TEST_F(TokenRoutes, RefuseToHandOutOrRevokeMoreThanTheCallersOwnScope) {
  const Grant own{Role::kAdmin, "dev", "dev.orders.*"};
  const std::string wider = R"({"name": "ci", "ttl": "1d", "grants": [
      {"role": "viewer", "environment": "dev", "names": ["dev.orders.created"]}, {"role": "viewer"}]})";
  const auto refused = issue(wider, own);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(json(refused)["code"], "auth.forbidden");
  EXPECT_EQ(json(list({}))["tokens"].size(), 0U);

  const std::string id = json(issue(wider))["id"].get<std::string>();
  EXPECT_EQ(revoke(id, own).status, 403);
  EXPECT_FALSE(tokens_.find(id, Deadline::after(seconds{5}))->revoked_at);

  const auto within = issue(R"({"name": "ci", "ttl": "1d", "grants": [
      {"role": "admin", "environment": "dev", "names": ["dev.orders.*.v1"]}]})", own);
  ASSERT_EQ(within.status, 201) << within.body;
  EXPECT_EQ(revoke(json(within)["id"].get<std::string>(), own).status, 204);
}

TEST_F(TokenRoutes, RevokeCountsAtOnceAndKnowsWhatIsNotThere) {
  const Json issued = json(issue(R"({"name": "ci", "ttl": "1d", "grants": [{"role": "viewer"}]})"));
  const auto response = revoke(issued["id"].get<std::string>());
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  const auto verified = tokens_.verify(issued["token"].get<std::string>(), Deadline::after(seconds{5}));
  EXPECT_EQ(verified.error().code, "auth.revoked");
  for (const char* id : {"0000000000000000", "nonsense", ""}) EXPECT_EQ(revoke(id).status, 404) << id;
}

TEST_F(TokenRoutes, ListPageByPage) {
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(issue(R"({"name": "ci", "ttl": "1d", "grants": [{"role": "viewer"}]})").status, 201);
  }
  std::vector<std::string> ids;
  http::Parameters query{{"limit", "2"}};
  for (int pages = 1;; ++pages) {
    const Json page = json(list(query));
    for (const Json& token : page["tokens"]) ids.push_back(token["id"].get<std::string>());
    if (!page.contains("next")) {
      EXPECT_EQ(pages, 3);
      break;
    }
    ASSERT_LT(pages, 5);
    query = {{"limit", "2"}, {"after", page["next"].get<std::string>()}};
  }
  EXPECT_EQ(ids.size(), 5U);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
  EXPECT_FALSE(json(list({{"limit", "5"}})).contains("next"));
}

TEST_F(TokenRoutes, RefuseAQueryThatIsNone) {
  for (const http::Parameters& query :
       {http::Parameters{{"limit", "0"}}, {{"limit", "501"}}, {{"limit", "x"}}, {{"limit", ""}},
        {{"after", ""}}, {{"after", "xyz"}}, {{"after", "0123456789ABCDEF"}}}) {
    EXPECT_EQ(list(query).status, 422) << query.front().first << "=" << query.front().second;
  }
}

TEST_F(TokenRoutes, AnswerWhatIsWrongWithARequest) {
  EXPECT_EQ(issue("{").status, 422);
  EXPECT_EQ(issue("{}").status, 422);
  EXPECT_EQ(issue(R"({"name": "no spaces", "ttl": "1d", "grants": [{"role": "viewer"}]})").status, 422);
}

TEST_F(TokenRoutes, LogWhoDidWhatButNeverTheToken) {
  const Json issued = json(issue(R"({"name": "ci", "ttl": "1d", "grants": [{"role": "viewer"}]})"));
  revoke(issued["id"].get<std::string>());
  EXPECT_THAT(log(), testing::HasSubstr("service token issued"));
  EXPECT_THAT(log(), testing::HasSubstr("service token revoked"));
  EXPECT_THAT(log(), testing::HasSubstr(issued["id"].get<std::string>()));
  EXPECT_THAT(log(), testing::Not(testing::HasSubstr("slt_")));
}

// Kim's token, which Lee had issued, must not issue one that counts as Kim alone (G2).
TEST_F(TokenRoutes, ATokenOfTwoPeopleIssuesNone_G2) {
  issuer_ = "lee";
  const auto response = issue(R"({"name": "x", "grants": [{"role": "viewer"}], "ttl": "1d"})");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(json(response)["code"], "auth.issuer-differs");
}

}  // namespace
}  // namespace sluice
