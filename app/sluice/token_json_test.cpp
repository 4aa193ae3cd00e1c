#include "sluice/token_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/text/json.h"

namespace sluice {
namespace {

using auth::Grant;
using auth::Role;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

Result<auth::IssueRequest> read(const std::string& text) {
  const auto document = text::parse_json(text);
  if (!document) return document.error();
  return read_issue_request(*document);
}

std::vector<std::string> problems(const std::string& text) {
  std::vector<std::string> found;
  const auto request = read(text);
  if (request) return found;
  for (const Problem& problem : request.error().problems) found.push_back(problem.field + " " + problem.rule);
  return found;
}

TEST(ParseLifetime, TakesOneNumberAndOneUnit) {
  EXPECT_EQ(parse_lifetime("45s"), seconds{45});
  EXPECT_EQ(parse_lifetime("30m"), std::chrono::minutes{30});
  EXPECT_EQ(parse_lifetime("12h"), hours{12});
  EXPECT_EQ(parse_lifetime("3650d"), days{3650});
  for (const char* text : {"", "d", "90", "0d", "-1d", "+1d", "1.5h", "1d ", " 1d", "1dd", "1w", "3651d",
                           "1000000000d", "99999999999999999999s"}) {
    EXPECT_EQ(parse_lifetime(text), std::nullopt) << text;
  }
}

TEST(ReadIssueRequest, FillsInWhatIsLeftOut) {
  const auto request = read(R"({"name": "ci", "ttl": "12h", "grants": [
      {"role": "editor"},
      {"role": "viewer", "environment": "prod", "names": ["prod.orders.*", "prod.billing.*"]}]})");
  ASSERT_TRUE(request) << request.error().describe();
  EXPECT_EQ(request->name, "ci");
  EXPECT_EQ(request->owner, "");
  EXPECT_EQ(request->issuer, "");
  EXPECT_EQ(request->lifetime, hours{12});
  EXPECT_THAT(request->grants, testing::ElementsAre(Grant{Role::kEditor, "*", "*"},
                                                    Grant{Role::kViewer, "prod", "prod.orders.*"},
                                                    Grant{Role::kViewer, "prod", "prod.billing.*"}));
}

struct WrongRequest {
  std::string text;
  std::vector<std::string> problems;
};

TEST(ReadIssueRequest, NamesEveryWrongField) {
  std::string many = R"({"name": "a", "ttl": "1d", "grants": [)";
  for (int i = 0; i < 51; ++i) many += R"({"role": "viewer", "names": ["a", "b"]},)";
  many.back() = ']';
  const WrongRequest cases[] = {
      {"[]", {" type"}},
      {"{}", {"name required", "grants required", "ttl required"}},
      {R"({"name": "", "ttl": "1w", "grants": []})", {"name empty", "grants too-few", "ttl pattern"}},
      {R"({"name": 1, "ttl": 90, "grants": {}})", {"name type", "grants type", "ttl type"}},
      {R"({"name": "a", "ttl": "1d", "grants": [{}]})", {"grants[0].role required"}},
      {R"({"name": "a", "ttl": "1d", "grants": [{"role": "root"}]})", {"grants[0].role choice"}},
      {R"({"name": "a", "ttl": "1d", "grants": ["admin"]})", {"grants[0] type"}},
      {R"({"name": "a", "ttl": "1d", "grants": [{"role": "viewer", "names": []}]})", {"grants[0].names too-few"}},
      {R"({"name": "a", "ttl": "1d", "grants": [{"role": "viewer", "names": "*"}]})", {"grants[0].names type"}},
      {R"({"name": "a", "ttl": "1d", "grants": [{"role": "viewer", "names": [""]}]})",
       {"grants[0].names[0] empty"}},
      {R"({"name": "a", "ttl": "1d", "grants": [{"role": "viewer", "environment": "dév", "names": ["a b"]}]})",
       {"grants[0].environment pattern", "grants[0].names[0] pattern"}},
      {R"({"name": "a", "owner": null, "ttl": "1d", "grants": [{"role": "viewer", "environment": null, "names": null}]})",
       {"owner type", "grants[0].environment type", "grants[0].names type"}},
      // A misspelt scope must not become "everywhere".
      {R"({"name": "a", "ttl": "1d", "grants": [{"role": "viewer", "enviroment": "dev"}]})",
       {"grants[0].enviroment unknown-field"}},
      {R"({"name": "a", "ttl": "1d", "issuer": "x", "grants": [{"role": "viewer"}]})", {"issuer unknown-field"}},
      // More than the table's reader takes would make the token unreadable.
      {many + "}", {"grants too-many"}},
  };
  for (const auto& c : cases) EXPECT_EQ(problems(c.text), c.problems) << c.text;
}

TEST(IssueRequest, IsReadAsItWasWritten) {
  const auth::IssueRequest request{
      "ci", "kim", {{Role::kEditor, "prod", "prod.*"}, {Role::kAdmin, "*", "*"}}, days{90}};
  const auto again = read(to_json(request).dump());
  ASSERT_TRUE(again) << again.error().describe();
  EXPECT_EQ(again->name, request.name);
  EXPECT_EQ(again->owner, request.owner);
  EXPECT_EQ(again->grants, request.grants);
  EXPECT_EQ(again->lifetime, request.lifetime);
}

auth::ServiceToken token_for_test() {
  auth::ServiceToken token;
  token.id = "0123456789abcdef";
  token.secret_hash = "SECRET";
  token.principal = "token:ci";
  token.owner = "kim";
  token.issuer = "alex";
  token.grants = {{Role::kEditor, "prod", "prod.*"}, {Role::kViewer, "*", "*"}};
  token.created_at = TimePoint{std::chrono::milliseconds{1'700'000'000'123}};
  token.expires_at = token.created_at + days{90};
  return token;
}

TEST(ServiceTokenJson, NeverHoldsTheSecretAndIsReadBack) {
  auto plain = token_for_test();
  auto used = plain;
  used.revoked_at = plain.created_at + hours{2};
  used.last_used_at = plain.created_at + hours{1};
  const Json json = to_json(TokenPage{{plain, used}, used.id});
  EXPECT_EQ(json.dump().find("SECRET"), std::string::npos);
  const auto page = read_token_page(json);
  ASSERT_TRUE(page) << page.error().describe();
  plain.secret_hash = used.secret_hash = "";
  EXPECT_THAT(page->tokens, testing::ElementsAre(plain, used));
  EXPECT_EQ(page->next, used.id);
}

TEST(IssuedTokenJson, HoldsTheTokenOnce) {
  const Json json = to_json(auth::IssuedToken{"slt_x", token_for_test()});
  EXPECT_EQ(json["token"], "slt_x");
  const auto issued = read_issued_token(json);
  ASSERT_TRUE(issued) << issued.error().describe();
  EXPECT_EQ(issued->token, "slt_x");
  EXPECT_EQ(issued->record.id, "0123456789abcdef");
}

TEST(ReadTokenPage, RefusesTheAnswerOfSomethingElse) {
  Json without_owner = to_json(token_for_test());
  without_owner.erase("owner");
  Json wrong_time = to_json(token_for_test());
  wrong_time["expiresAt"] = "tomorrow";
  Json wrong_grants = to_json(token_for_test());
  wrong_grants["grants"] = "all";
  for (const Json& token : {without_owner, wrong_time, wrong_grants, Json(), Json(1), Json::array()}) {
    const auto page = read_token_page(Json{{"tokens", Json::array({token})}});
    ASSERT_FALSE(page) << token.dump();
    EXPECT_EQ(page.error().code, "cli.answer");
  }
  for (const Json& answer : {Json(), Json(1), Json::array(), Json{{"tokens", 1}}}) {
    EXPECT_FALSE(read_token_page(answer)) << answer.dump();
    EXPECT_FALSE(read_issued_token(answer)) << answer.dump();
  }
}

}  // namespace
}  // namespace sluice
