#include "audit/application/refusals.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace sluice::audit::application {
namespace {

class RecordingTrail final : public contract::AuditTrail {
 public:
  Status append(sql::Session&, std::span<const contract::Entry>) override { return {}; }
  Status record(std::span<const contract::Entry> entries, Deadline) override {
    if (away) return Error{ErrorKind::kUnavailable, "sql.unavailable", "away", "", {}};
    recorded.insert(recorded.end(), entries.begin(), entries.end());
    return {};
  }
  std::vector<contract::Entry> recorded;
  bool away = false;
};

class RefusalsTest : public testing::Test {
 protected:
  void login(const std::string& source, std::string_view code = "auth.unknown") {
    refusals_.note({Refusal::Kind::kLogin, source, code, "GET /v1/topics", {}});
  }
  void route(const std::string& who, std::string_view route) {
    refusals_.note({Refusal::Kind::kRoute, "10.0.0.1", "auth.forbidden", route, {who, who, "", ""}});
  }
  Status flush(bool all = false) { return refusals_.flush(all, Deadline::after(std::chrono::seconds{5})); }
  const std::vector<contract::Entry>& recorded() const { return trail_.recorded; }

  RecordingTrail trail_;
  ManualClock clock_{TimePoint{std::chrono::seconds{1'790'000'000}}};
  Refusals refusals_{trail_, clock_, {.sources = 10}};
};

TEST_F(RefusalsTest, AThousandFailedLoginsOfOneSourceAreOneRecordAMinute) {
  for (int i = 0; i < 1'000; ++i) login("10.1.2.3", i % 4 == 0 ? "auth.expired" : "auth.unknown");
  ASSERT_TRUE(flush());
  EXPECT_TRUE(recorded().empty());
  clock_.advance(std::chrono::seconds{60});
  ASSERT_TRUE(flush());
  ASSERT_EQ(recorded().size(), 1U);
  const auto& entry = recorded()[0];
  EXPECT_EQ(entry.environment, contract::kNoEnvironment);
  EXPECT_EQ(entry.action, "login.refuse");
  EXPECT_EQ(entry.name, "10.1.2.3");
  EXPECT_EQ(entry.outcome, contract::Outcome::kRefused);
  EXPECT_EQ(entry.after.at("count"), 1'000);
  EXPECT_EQ(entry.after.at("codes").at("auth.expired"), 250);
  login("10.1.2.3");
  clock_.advance(std::chrono::seconds{60});
  ASSERT_TRUE(flush());
  EXPECT_EQ(recorded().size(), 2U);
}

TEST_F(RefusalsTest, SourcesBeyondTheBoundAreOthers) {
  for (int i = 0; i < 1'000; ++i) login(fmt::format("10.0.{}.{}", i / 250, i % 250));
  ASSERT_TRUE(flush(true));
  ASSERT_EQ(recorded().size(), 11U);
  std::uint64_t count = 0;
  for (const auto& entry : recorded()) count += entry.after.at("count").get<std::uint64_t>();
  EXPECT_EQ(count, 1'000U);
}

TEST_F(RefusalsTest, CodesBeyondTheBoundAreOthers) {
  for (int i = 0; i < 100; ++i) login("10.1.2.3", fmt::format("auth.code{}", i));
  ASSERT_TRUE(flush(true));
  EXPECT_LE(recorded().at(0).after.at("codes").size(), 17U);
}

TEST_F(RefusalsTest, AForbiddenRouteNamesWhoWantedWhat) {
  for (int i = 0; i < 5; ++i) route("kim", "POST /v1/tokens");
  route("lee", "POST /v1/tokens");
  ASSERT_TRUE(flush(true));
  ASSERT_EQ(recorded().size(), 2U);
  EXPECT_EQ(recorded()[0].action, "route.refuse");
  EXPECT_EQ(recorded()[0].actor.id, "kim");
  EXPECT_EQ(recorded()[0].name, "POST /v1/tokens");
  EXPECT_EQ(recorded()[0].after.at("count"), 5);
}

TEST_F(RefusalsTest, NothingIsLostWhileTheTrailCannotBeWritten) {
  trail_.away = true;
  login("10.1.2.3");
  EXPECT_FALSE(flush(true));
  login("10.1.2.4");
  EXPECT_FALSE(flush(true));
  trail_.away = false;
  EXPECT_TRUE(flush(true));
  EXPECT_EQ(recorded().size(), 2U);
  EXPECT_TRUE(flush(true));
  EXPECT_EQ(recorded().size(), 2U);
}

}  // namespace
}  // namespace sluice::audit::application
