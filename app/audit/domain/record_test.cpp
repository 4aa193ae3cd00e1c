#include "audit/domain/record.h"

#include <gtest/gtest.h>

#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"

namespace sluice::audit::domain {
namespace {

Record a_record() {
  Record record;
  record.environment = "prod";
  record.seq = 12;
  record.prev = std::string(kNoHash);
  record.at = TimePoint{std::chrono::milliseconds{1'790'000'000'042}};
  record.action = "topic.alter";
  record.target = "topic";
  record.name = "a \"quoted\"\\ 안녕\n\x01";
  record.change_id = "OPS-1";
  record.actor = {"token:ci", "kim@example.com", "lee@example.com", "t-1"};
  record.request_id = "r-1";
  record.outcome = "done";
  record.before = R"({"a":1})";
  record.after = R"(["x",null])";
  record.detail = "why";
  return record;
}

// The text that is written by hand, for speed, is what RFC 8785 says.
TEST(RecordTest, TheHashedTextIsTheCanonicalJson) {
  const Record record = a_record();
  Json json{{"seq", 12}, {"prev", record.prev}, {"environment", "prod"}, {"at", "2026-09-21T14:13:20.042Z"}};
  json["actor"] = {{"id", "token:ci"}, {"owner", "kim@example.com"}, {"issuer", "lee@example.com"}, {"tokenId", "t-1"}};
  json["action"] = record.action;
  json["target"] = record.target;
  json["name"] = record.name;
  json["changeId"] = record.change_id;
  json["requestId"] = record.request_id;
  json["outcome"] = record.outcome;
  json["before"] = {{"a", 1}};
  json["after"] = {"x", nullptr};
  json["detail"] = record.detail;
  std::string text;
  append_canonical(text, record);
  EXPECT_EQ(text, canonical_json(json));
  EXPECT_EQ(hash_of(record), sha256_hex(text));
}

TEST(RecordTest, OneValueAndNothingBesideIt) {
  for (const char* text : {"null", "true", "-1.5e3", "{}", "[]", R"("a")", R"({"a":"}]\"{","b":[[],{}]})", R"("\\")"}) {
    EXPECT_TRUE(is_one_value(text)) << text;
  }
  for (const char* text : {"", "1,2", R"("a","b")", "{},{}", R"({"a":1},"at":"2026")", "{", "[1", R"("a)", R"("a\")",
                           "1}", R"(1,"at":2)", "null ", " null", "}{"}) {
    EXPECT_FALSE(is_one_value(text)) << text;
  }
}

// Two sets of columns that give the same bytes: only one of them is of whole values.
TEST(RecordTest, AMemberMovedIntoItsNeighbourIsNoValueAnyMore) {
  Record record = a_record();
  record.after = R"({"q":1,"at":"2020-01-01T00:00:00.000Z","before":2})";
  std::string honest;
  append_canonical(honest, record);
  Record moved = record;
  const std::string rest = R"(,"at":"2026-09-21T14:13:20.042Z","before":)" + record.before;
  moved.after = R"({"q":1)";
  moved.at = *parse_rfc3339("2020-01-01T00:00:00.000Z");
  moved.before = "2}" + rest;
  std::string same;
  append_canonical(same, moved);
  EXPECT_EQ(same, honest);
  EXPECT_FALSE(is_one_value(moved.after));
  EXPECT_FALSE(is_one_value(moved.before));
}

}  // namespace
}  // namespace sluice::audit::domain
