#include "audit/interface/record_format.h"

#include <gtest/gtest.h>

#include <sstream>

#include "audit/application/verify_chains.h"
#include "audit/interface/json_lines_source.h"
#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"
#include "platform/text/json.h"

namespace sluice::audit::interface {
namespace {

domain::Record a_record(std::int64_t seq = 1, const std::string& prev = std::string(domain::kNoHash)) {
  domain::Record record;
  record.environment = "prod";
  record.seq = seq;
  record.prev = prev;
  record.at = TimePoint{std::chrono::milliseconds{1'790'000'000'042}};
  record.action = "topic.alter";
  record.target = "topic";
  record.name = "prod.orders \"x\" 안녕";
  record.change_id = "OPS-1";
  record.actor = {"token:ci", "kim@example.com", "lee@example.com", "t-1"};
  record.request_id = "r-1";
  record.outcome = "done";
  record.before = R"({"a":[1,2.5]})";
  record.detail = "why,\nso";
  record.hash = domain::hash_of(record);
  return record;
}

std::string json_of(const domain::Record& record) {
  std::string text;
  append_json(text, record);
  return text;
}

std::string csv_of(const domain::Record& record) {
  std::string text;
  append_csv(text, record);
  return text;
}

// What the guide tells readers to do with any tool of theirs.
TEST(RecordFormatTest, WithoutItsHashTheCanonicalFormIsWhatWasHashed) {
  const domain::Record record = a_record();
  Json json = text::to_json(text::parse_json(json_of(record)).value());
  EXPECT_EQ(json.at("hash"), record.hash);
  json.erase("hash");
  EXPECT_EQ(sha256_hex(canonical_json(json)), record.hash);
}

TEST(RecordFormatTest, ReadsWhatItWroteAlsoReformatted) {
  const domain::Record record = a_record();
  EXPECT_EQ(read_json(json_of(record)).value(), record);
  const Json json = text::to_json(text::parse_json(json_of(record)).value());
  Json reordered = Json::object();
  for (auto member = json.rbegin(); member != json.rend(); ++member) reordered[member.key()] = *member;
  EXPECT_EQ(read_json(reordered.dump(2)).value(), record);
}

TEST(RecordFormatTest, ReadsNothingElse) {
  const std::string good = json_of(a_record());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  };
  for (const std::string& text :
       {std::string("{}"), std::string("[]"), std::string("x"), with("\"seq\":1", "\"seq\":\"1\""),
        with("\"seq\":1", "\"seq\":1,\"more\":2"), with("\"target\"", "\"Target\""), with("\"tokenId\"", "\"tokenid\""),
        with(".042Z", ".042000Z"), with(".042Z", ".042+00:00"), with("\"detail\":\"why,\\nso\",", "")}) {
    const auto read = read_json(text);
    EXPECT_FALSE(read) << text;
  }
}

TEST(RecordFormatTest, CsvIsDefusedAndQuoted) {
  domain::Record record = a_record();
  const auto line = csv_of(record);
  EXPECT_TRUE(line.starts_with("prod,1,2026-09-21T14:13:20.042Z,topic.alter,topic,\"prod.orders \"\"x\"\" 안녕\",OPS-1,done,"))
      << line;
  EXPECT_NE(line.find("\"{\"\"a\"\":[1,2.5]}\",null,\"why,\nso\""), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with("\r\n"));
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"}) {
    record.name = formula;
    EXPECT_NE(csv_of(record).find(std::string(",\"'") + formula + "\","), std::string::npos) << formula;
  }
  record.environment = "-";
  EXPECT_TRUE(csv_of(record).starts_with("\"'-\","));
}

TEST(RecordFormatTest, AnExportIsVerifiedWithoutItsDatabase) {
  const auto first = a_record();
  const auto second = a_record(2, first.hash);
  const auto verdict_of = [](const std::string& text) {
    std::istringstream in(text);
    JsonLinesSource source(in);
    return application::verify_chains(source, nullptr, Deadline::after(std::chrono::seconds{5}));
  };
  const std::string lines = json_of(first) + "\n" + json_of(second) + "\n";
  const auto whole = verdict_of(lines);
  ASSERT_TRUE(whole) << whole.error().describe();
  EXPECT_TRUE(whole->whole());
  EXPECT_EQ(whole->chains.at(0).records, 2);

  std::string edited = lines;
  edited.replace(edited.rfind("OPS-1"), 5, "OPS-2");
  EXPECT_EQ(verdict_of(edited)->chains.at(0).fault->seq, 2);
  EXPECT_EQ(verdict_of(json_of(second) + "\n" + json_of(first))->chains.at(0).fault->seq, 1);

  const auto broken = verdict_of(lines + "{\"half\":");
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().message.starts_with("line 3: ")) << broken.error().message;
}

}  // namespace
}  // namespace sluice::audit::interface
