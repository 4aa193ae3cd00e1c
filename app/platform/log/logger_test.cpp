#include "platform/log/logger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "platform/core/json.h"
#include "platform/core/text.h"
#include "platform/log/line_format.h"
#include "platform/log/memory_sink.h"

namespace sluice::log {
namespace {

const TimePoint kTime = *parse_rfc3339("2026-11-21T09:15:31.042Z");

class LoggerTest : public ::testing::Test {
 protected:
  Logger make(Format format = Format::kJson, Level level = Level::kDebug) {
    return Logger(sink_, clock_, {.level = level, .format = format});
  }
  std::string only_line() {
    const auto lines = sink_->lines();
    EXPECT_EQ(lines.size(), 1u);
    return lines.empty() ? "" : lines[0];
  }

  ManualClock clock_{kTime};
  std::shared_ptr<MemorySink> sink_ = std::make_shared<MemorySink>();
};

TEST_F(LoggerTest, WritesOneJsonObjectInFixedOrder) {
  make().module("kafka").with({{"request_id", "r1"}, {"trace_id", "t1"}, {"change_id", "c1"}})
      .warn("slow answer", {{"duration_ms", 12}, {"ratio", 0.5}, {"again", true}});
  EXPECT_EQ(only_line(),
            R"({"time":"2026-11-21T09:15:31.042Z","level":"warn","module":"kafka",)"
            R"("message":"slow answer","request_id":"r1","trace_id":"t1","change_id":"c1",)"
            R"("duration_ms":12,"ratio":0.5,"again":true})");
}

TEST_F(LoggerTest, WritesForPeopleOnATerminal) {
  make(Format::kHuman).module("http").info("request", {{"path", "/v1/a b"}, {"status", 200}, {"to", ""}});
  EXPECT_EQ(only_line(), R"(09:15:31.042 info  http: request  path="/v1/a b" status=200 to="")");
}

TEST_F(LoggerTest, DropsWhatIsBelowTheLevel) {
  const Logger logger = make(Format::kJson, Level::kWarn);
  logger.debug("no");
  logger.info("no");
  logger.warn("yes");
  logger.error("yes");
  EXPECT_EQ(sink_->lines().size(), 2u);
  EXPECT_FALSE(logger.enabled(Level::kInfo));
}

TEST_F(LoggerTest, TheFieldSaidLastCounts) {
  make().with({{"id", 1}}).with({{"id", 2}}).info("m", {{"id", 3}});
  EXPECT_EQ(Json::parse(only_line())["id"], 3);
}

TEST_F(LoggerTest, AFieldCannotPassForOneOfOurs) {
  make().info("true message", {{"message", "forged"}, {"level", "error"}});
  const Json line = Json::parse(only_line());
  EXPECT_EQ(line["message"], "true message");
  EXPECT_EQ(line["message_"], "forged");
  EXPECT_EQ(line["level"], "info");
}

TEST_F(LoggerTest, BoundFieldsStayWithTheirCopy) {
  const Logger logger = make();
  (void)logger.with({{"request_id", "r1"}});
  logger.info("m");
  EXPECT_FALSE(Json::parse(only_line()).contains("request_id"));
}

TEST(Discard, IsNeverEnabled) {
  EXPECT_FALSE(Logger::discard().enabled(Level::kError));
  Logger::discard().error("nowhere");
}

struct Ugly {
  const char* name;
  std::string text;
  const char* json;   // between the quotation marks
  const char* human;  // as the value of v=
};
void PrintTo(const Ugly& row, std::ostream* out) { *out << row.name; }

class UglyText : public ::testing::TestWithParam<Ugly> {};

TEST_P(UglyText, IsMadeHarmless) {
  const Field field("v", GetParam().text);
  const Entry entry{.time = kTime, .level = Level::kInfo, .module = "m", .message = "t", .fields = {&field}};
  const std::string json = format_json(entry);
  EXPECT_TRUE(json.ends_with(std::string("\"v\":\"") + GetParam().json + "\"}")) << json;
  EXPECT_TRUE(Json::accept(json)) << json;
  const std::string human = format_human(entry);
  EXPECT_TRUE(human.ends_with(std::string("  v=") + GetParam().human)) << human;
}

INSTANTIATE_TEST_SUITE_P(
    Table, UglyText,
    ::testing::Values(
        Ugly{"Lines", "a\nb\r\n", R"(a\nb\r\n)", R"(a\nb\r\n)"},
        Ugly{"ForgedLine", "x\n{\"level\":\"error\"}", R"(x\n{\"level\":\"error\"})",
             R"("x\n{\"level\":\"error\"}")"},
        Ugly{"TerminalEscape", "\x1b[2J", R"(\u001b[2J)", R"(\u001b[2J)"},
        Ugly{"OneByteTerminalEscape", "\xc2\x9b" "2J", R"(\u009b2J)", R"(\u009b2J)"},
        Ugly{"Delete", "\x7f", R"(\u007f)", R"(\u007f)"},
        Ugly{"Nul", std::string("a\0b", 3), R"(a\u0000b)", R"(a\u0000b)"},
        Ugly{"LineSeparator", "\xe2\x80\xa8", R"(\u2028)", R"(\u2028)"},
        Ugly{"BadUtf8", "a\xff\xc3", "a\xef\xbf\xbd\xef\xbf\xbd", "a\xef\xbf\xbd\xef\xbf\xbd"},
        Ugly{"Umlaut", "ä", "ä", "ä"},
        Ugly{"Quotes", R"(a"b\c)", R"(a\"b\\c)", R"("a\"b\\c")"}),
    [](const auto& param) { return param.param.name; });

TEST(LineFormat, CutsLongValuesBetweenCharacters) {
  for (const std::string_view unit : {"a", "ä", "\xf0\x9f\x98\x80", "\n", "\""}) {
    std::string text;
    while (text.size() < 3 * kMaxValueBytes) text += unit;
    const Field field("v", text);
    const Entry entry{.time = kTime, .level = Level::kInfo, .module = "", .message = text, .fields = {&field}};
    const std::string line = format_json(entry);
    EXPECT_LT(line.size(), 2 * kMaxValueBytes + 200);
    ASSERT_TRUE(Json::accept(line)) << unit;
    EXPECT_TRUE(Json::parse(line)["v"].get<std::string>().ends_with("…"));
  }
}

TEST(LineFormat, ANumberThatIsNoneIsNull) {
  const Field field("v", std::numeric_limits<double>::quiet_NaN());
  const Entry entry{.time = kTime, .level = Level::kInfo, .module = "", .message = "", .fields = {&field}};
  EXPECT_TRUE(format_json(entry).ends_with("\"v\":null}"));
}

TEST(FdSink, KeepsTheLinesOfThreadsApart) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const SystemClock clock;
  constexpr int kThreads = 4;
  constexpr int kLines = 20;  // together less than a pipe holds
  {
    const Logger logger(make_fd_sink(ends[1]), clock, {});
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([logger] {
        for (int i = 0; i < kLines; ++i) logger.info(std::string(300, 'x'));
      });
    }
  }
  ::close(ends[1]);
  std::string all;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;) {
    all.append(buffer.data(), static_cast<std::size_t>(size));
  }
  ::close(ends[0]);
  auto lines = split(all, '\n');
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  EXPECT_EQ(lines.size(), static_cast<std::size_t>(kThreads * kLines));
  for (const std::string& line : lines) EXPECT_TRUE(Json::accept(line)) << line;
}

class CountingWatcher final : public ErrorWatcher {
 public:
  void on_error(const Entry& entry) override { seen.push_back(std::string(entry.module) + ": " + std::string(entry.message)); }
  std::vector<std::string> seen;
};

TEST(Logger, ShowsItsWatcherEveryErrorAndNothingElse) {
  const SystemClock clock;
  const auto sink = std::make_shared<MemorySink>();
  const auto watcher = std::make_shared<CountingWatcher>();
  const Logger plain(sink, clock, {.level = Level::kInfo, .format = Format::kJson});
  const Logger watched = plain.watched_by(watcher).module("kafka").with({{"a", 1}});
  watched.warn("no");
  plain.error("not this one");
  watched.error("yes");
  Logger::discard().watched_by(watcher).error("also without a sink");
  EXPECT_EQ(watcher->seen, (std::vector<std::string>{"kafka: yes", ": also without a sink"}));
  EXPECT_EQ(sink->lines().size(), 3U);
}

}  // namespace
}  // namespace sluice::log
