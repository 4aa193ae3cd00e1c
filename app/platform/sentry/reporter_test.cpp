#include "platform/sentry/reporter.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "platform/core/json.h"
#include "platform/core/text.h"
#include "support/http_target.h"

namespace sluice::sentry {
namespace {

using namespace std::chrono_literals;

class ReporterTest : public testing::Test {
 protected:
  void SetUp() override { answer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"); }

  void answer(const std::string& bytes) {
    target_ = std::make_unique<test::RawTarget>(bytes, test::RawTarget::Then::kClose);
    auto dsn = parse_dsn(fmt::format("http://pub1@127.0.0.1:{}/42", target_->port()));
    ASSERT_TRUE(dsn);
    reporter_ = std::make_shared<Reporter>(ReporterOptions{*dsn, "prod", "1.2.3", "host-1", {"hunter2hunter2"}}, clock_);
  }
  log::Logger logger() { return log::Logger::discard().module("governance").watched_by(reporter_); }
  Json sent(std::size_t index) {
    const std::string request = target_->requests().at(index);
    const auto lines = split(request.substr(request.find("\r\n\r\n") + 4), '\n');
    EXPECT_EQ(lines.size(), 4U) << "head, item head, event, and nothing after its line feed";
    EXPECT_EQ(Json::parse(lines.at(1))["length"], lines.at(2).size());
    EXPECT_EQ(Json::parse(lines.at(1))["type"], "event");
    Json event = Json::parse(lines.at(2));
    EXPECT_EQ(Json::parse(lines.at(0))["event_id"], event["event_id"]);
    return event;
  }

  std::unique_ptr<test::RawTarget> target_;
  ManualClock clock_{TimePoint{1'700'000'000'000ms}};
  std::shared_ptr<Reporter> reporter_;
};

TEST_F(ReporterTest, SendsAnErrorAsAnEnvelopeWithoutItsSecrets) {  // G12
  logger().error("sql.statement: password=hunter2hunter2",
                 {{"error", "postgresql://kim:hunter2hunter2@db/x"}, {"code", "sql.statement"}, {"approval_token", "abc"},
                  {"count", 3}, {"trace_id", "0af7651916cd43dd8448eb211c80319c"}, {"note", "hunter2hunter2\x1b[0m\xff"}});
  ASSERT_TRUE(reporter_->run_once());
  const auto seen = target_->requests();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen[0].starts_with("POST /api/42/envelope/ HTTP/1.1\r\n")) << seen[0];
  EXPECT_NE(seen[0].find("x-sentry-auth: Sentry sentry_version=7, sentry_key=pub1, "), std::string::npos) << seen[0];
  EXPECT_EQ(seen[0].find("hunter2"), std::string::npos) << seen[0];
  const Json event = sent(0);
  EXPECT_EQ(event["level"], "error");
  EXPECT_EQ(event["logger"], "governance");
  EXPECT_EQ(event["environment"], "prod");
  EXPECT_EQ(event["release"], "1.2.3");
  EXPECT_EQ(event["tags"]["code"], "sql.statement");
  EXPECT_EQ(event["extra"]["count"], "3");
  EXPECT_EQ(event["extra"]["approval_token"], kScrubbed);
  EXPECT_EQ(event["event_id"].get<std::string>().size(), 32U);
  EXPECT_EQ(event["contexts"]["trace"]["trace_id"], "0af7651916cd43dd8448eb211c80319c");
}

TEST_F(ReporterTest, SendsOnlyErrors) {
  logger().warn("a broker is away");
  logger().info("hello");
  ASSERT_TRUE(reporter_->run_once());
  EXPECT_TRUE(target_->requests().empty());
}

TEST_F(ReporterTest, SendsAlikeOnesOnceAMinuteWithTheNumberOfTheOthers) {
  for (int i = 0; i < 5; ++i) logger().error("boom");
  ASSERT_TRUE(reporter_->run_once());
  EXPECT_EQ(reporter_->counts().suppressed, 4U);
  clock_.advance(60s);
  logger().error("boom");
  ASSERT_TRUE(reporter_->run_once());
  ASSERT_EQ(target_->requests().size(), 2U);
  EXPECT_FALSE(sent(0)["extra"].contains("suppressed_alike"));
  EXPECT_EQ(sent(1)["extra"]["suppressed_alike"], 4);
}

TEST_F(ReporterTest, SendsOnlySoManyAMinute) {
  for (int i = 0; i < 500; ++i) logger().error(fmt::format("boom {}", i));
  EXPECT_EQ(reporter_->counts().suppressed, 470U);
}

TEST_F(ReporterTest, NeitherBlocksNorGrowsWhenNothingIsTaken) {
  for (int minute = 0; minute < 10; ++minute) {
    for (int i = 0; i < 30; ++i) logger().error(fmt::format("boom {}.{}", minute, i));
    clock_.advance(60s);
  }
  EXPECT_EQ(reporter_->counts().dropped, 200U) << "100 of 300 fit";
}

TEST_F(ReporterTest, PausesWhenSentrySaysSo) {
  answer("HTTP/1.1 429 Slow\r\nretry-after: 120\r\ncontent-length: 0\r\n\r\n");
  logger().error("one");
  logger().error("two");
  EXPECT_FALSE(reporter_->run_once());
  EXPECT_GT(reporter_->run_once()->wait, 0ms);
  EXPECT_EQ(target_->requests().size(), 1U);
  EXPECT_EQ(reporter_->counts().failed, 1U);
}

TEST_F(ReporterTest, EndsItsWaitWhenClosed) {
  reporter_->close();
  EXPECT_TRUE(reporter_->run_once());
  logger().error("late");
  EXPECT_EQ(reporter_->counts().dropped, 1U);
}

}  // namespace
}  // namespace sluice::sentry
