#include "audit/interface/audit_routes.h"

#include <gtest/gtest.h>

#include "audit/interface/audit_query.h"
#include "audit/interface/record_format.h"
#include "platform/core/text.h"
#include "platform/http/channel.h"
#include "platform/http/client.h"
#include "platform/http/testing/server_fixture.h"
#include "platform/text/json.h"
#include "support/memory_records.h"

namespace sluice::audit::interface {
namespace {

std::shared_ptr<const auth::Principal> principal(std::vector<auth::Grant> grants) {
  auto principal = std::make_shared<auth::Principal>();
  principal->id = "kim";
  principal->owner = "kim";
  principal->grants = std::move(grants);
  return principal;
}

class AuditRoutesTest : public testing::Test {
 protected:
  http::Response get(http::Parameters query, const std::string& accept = "") {
    http::Request request;
    request.path = "/v1/audits";
    request.query = std::move(query);
    request.request_id = "r-1";
    request.principal = caller_;
    request.deadline = Deadline::after(std::chrono::seconds{10});
    if (!accept.empty()) request.headers.set("accept", accept);
    return http::call(routes_.at(0).handler, std::move(request), Deadline::after(std::chrono::seconds{10}));
  }
  static Json json_of(const http::Response& response) {
    const auto node = text::parse_json(response.body);
    EXPECT_TRUE(node) << response.body;
    return node ? text::to_json(*node) : Json();
  }

  test::MemoryRecords records_;
  std::shared_ptr<const auth::Principal> caller_ = principal({{auth::Role::kViewer, "*", "*"}});
  std::vector<http::Route> routes_ = audit_routes(records_, log::Logger::discard());
};

TEST_F(AuditRoutesTest, PagesFromTheNewestOn) {
  for (int i = 0; i < 7; ++i) records_.add(i % 2 == 0 ? "prod" : "dev", "t" + std::to_string(i));
  std::vector<std::string> names;
  http::Parameters query{{"limit", "3"}};
  for (int page = 0; page < 3; ++page) {
    const auto response = get(query);
    ASSERT_EQ(response.status, 200) << response.body;
    const Json json = json_of(response);
    for (const Json& record : json.at("records")) names.push_back(record.at("name"));
    ASSERT_EQ(json.contains("next"), page < 2);
    if (page < 2) query = {{"limit", "3"}, {"after", json.at("next")}};
  }
  EXPECT_EQ(names, (std::vector<std::string>{"t6", "t5", "t4", "t3", "t2", "t1", "t0"}));
}

TEST_F(AuditRoutesTest, WhatTheCallerMayNotViewIsNotThere) {
  for (int i = 0; i < 300; ++i) {
    records_.add("prod", "prod.secret");
    records_.add("prod", "prod.orders.x");
    records_.add("dev", "prod.orders.y");
  }
  caller_ = principal({{auth::Role::kEditor, "prod", "prod.orders.*"}});
  std::size_t seen = 0;
  http::Parameters query{{"limit", "50"}};
  for (;;) {
    const Json json = json_of(get(query));
    for (const Json& record : json.at("records")) {
      EXPECT_EQ(record.at("environment"), "prod");
      EXPECT_EQ(record.at("name"), "prod.orders.x");
      ++seen;
    }
    if (!json.contains("next")) break;
    query = {{"limit", "50"}, {"after", json.at("next")}};
  }
  EXPECT_EQ(seen, 300U);
  const auto csv = get({{"format", "csv"}});
  EXPECT_EQ(csv.body.find("secret"), std::string::npos);
  EXPECT_EQ(split(csv.body, '\n').size(), 302U);
}

// A page that finds nothing among ten thousand records says so, with a place to go on from.
TEST_F(AuditRoutesTest, ACallerWhoSeesNothingReadsABoundedPartOfTheTrail) {
  for (int i = 0; i < 200; ++i) records_.add("prod", "x");
  for (int i = 0; i < 100; ++i) {
    const auto copy = records_.records;
    records_.records.insert(records_.records.end(), copy.begin(), copy.begin() + 200);
  }
  for (std::size_t i = 0; i < records_.records.size(); ++i) {
    records_.records[i].at = TimePoint{std::chrono::milliseconds{static_cast<std::int64_t>(i)}};
  }
  caller_ = principal({{auth::Role::kViewer, "dev", "*"}});
  const Json json = json_of(get({}));
  EXPECT_TRUE(json.at("records").empty());
  EXPECT_TRUE(json.contains("next"));
  EXPECT_LE(records_.read, 10'200U);
}

TEST_F(AuditRoutesTest, ExportsInTheOrderOfTheChains) {
  for (int i = 0; i < 1'203; ++i) records_.add(i % 3 == 0 ? "prod" : "dev", "=t" + std::to_string(i));
  for (const auto& [query, accept] : std::vector<std::pair<http::Parameters, std::string>>{
           {{{"format", "jsonl"}}, ""}, {{}, "application/x-ndjson"}}) {
    const auto response = get(query, accept);
    EXPECT_EQ(response.content_type, "application/x-ndjson");
    auto lines = split(response.body, '\n');
    ASSERT_EQ(lines.size(), 1'204U);
    lines.pop_back();
    std::vector<domain::Record> read;
    for (const std::string& line : lines) read.push_back(read_json(line).value());
    EXPECT_EQ(read.front().environment, "dev");
    EXPECT_EQ(read.back().environment, "prod");
    EXPECT_EQ(read.back().seq, 401);
    for (const auto& record : read) EXPECT_EQ(record.hash, domain::hash_of(record));
  }
  const auto csv = get({{"limit", "700"}}, "text/csv");
  EXPECT_EQ(csv.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(split(csv.body, '\n').size(), 702U);
  EXPECT_EQ(csv.body.find(",=t"), std::string::npos);
}

TEST_F(AuditRoutesTest, RefusesWrongQueries) {
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"limit", "0"}, {"limit", "1001"}, {"limit", "x"}, {"limit", "-1"}, {"after", "!"}, {"after", "eA"},
           {"after", ""}, {"from", "yesterday"}, {"to", "2026-13-01T00:00:00Z"}, {"order", "oldest"},
           {"format", "xml"}, {"outcome", "great"}, {"nmae", "x"}, {"name", ""}, {"actor", std::string(2000, 'x')}}) {
    const auto response = get({{name, value}});
    EXPECT_EQ(response.status, 422) << name << "=" << value;
    EXPECT_EQ(json_of(response).at("problems").at(0).at("field"), name) << response.body;
  }
}

TEST_F(AuditRoutesTest, AnErrorOfTheDatabaseIsTheAnswerAlsoOfAnExport) {
  records_.failure = Error{ErrorKind::kUnavailable, "sql.unavailable", "away", "", {}};
  EXPECT_EQ(get({}).status, 503);
  EXPECT_EQ(get({{"format", "csv"}}).status, 503);
}

TEST(AuditQueryTest, CursorsComeBackAsTheyWere) {
  for (const domain::RecordPlace& place :
       {domain::RecordPlace{TimePoint{}, "-", 1}, domain::RecordPlace{TimePoint{std::chrono::milliseconds{-5}}, "a.b", 9}}) {
    EXPECT_EQ(read_cursor(write_cursor(place)), place);
  }
}

// Over a socket: the client gets every record although the answer is larger than the server's buffer.
class ExportOverSocket : public http::testing::ServerTest {};

TEST_F(ExportOverSocket, ALargeExportArrivesWhole) {
  test::MemoryRecords records;
  records.add("prod", std::string(900, 'x'));
  records.records.resize(6'000, records.records.front());
  for (std::size_t i = 0; i < records.records.size(); ++i) records.records[i].seq = static_cast<std::int64_t>(i) + 1;
  start(audit_routes(records, log::Logger::discard()));
  http::Client client;
  http::ClientRequest request;
  request.url = fmt::format("http://127.0.0.1:{}/v1/audits?format=jsonl", port());
  request.headers.set("authorization", "Bearer viewer");
  request.headers.set("x-request-id", "r-1");
  const auto response = client.send(request, Deadline::after(std::chrono::seconds{60}));
  ASSERT_TRUE(response) << response.error().describe();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(split(response->body, '\n').size(), 6'001U);
  EXPECT_GT(response->body.size(), 6U * 1024 * 1024);
}

}  // namespace
}  // namespace sluice::audit::interface
