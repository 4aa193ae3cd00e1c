// What a person and a pipeline read of an apply (G30).
#include "governance/interface/apply/apply_report.h"

#include <gtest/gtest.h>

namespace sluice::governance::interface {
namespace {

Json item(const std::string& name, const std::string& state, bool retryable = false) {
  Json json{{"name", name}, {"action", "CREATE"}, {"state", state}, {"attempts", 1}};
  if (state != "DONE" && state != "PENDING") {
    json["code"] = "INVALID_CONFIG";
    json["message"] = "no | such <key>";
    json["retryable"] = retryable;
  }
  return json;
}

Json partial() {
  return {{"changeId", "OPS-7"},
          {"env", "prod"},
          {"state", "PARTIAL"},
          {"items", {item("prod.a", "DONE"), item("prod.b", "UNKNOWN", true), item("prod.c", "FAILED")}}};
}

TEST(ApplyReport, ShowsTheWorstFirstAndWhatToDo) {
  EXPECT_EQ(apply_report(partial(), "text"),
            "Apply of change OPS-7 in prod: PARTIAL\n\n"
            "  FAILED   CREATE  prod.c\n"
            "           INVALID_CONFIG: no | such <key>\n"
            "  UNKNOWN  CREATE  prod.b\n"
            "           INVALID_CONFIG: no | such <key>\n"
            "           apply again to try it again\n"
            "1 done, 1 unknown, 1 failed\n");
}

TEST(ApplyReport, KeepsOtherPeoplesWordsFromBreakingTheTable) {
  const std::string text = apply_report(partial(), "markdown");
  EXPECT_NE(text.find("no \\| such \\<key>"), std::string::npos) << text;
}

TEST(ApplyReport, FitsAPullRequestsComment) {
  Json many = partial();
  for (int i = 0; i < 10'000; ++i) many["items"].push_back(item("prod.topic" + std::to_string(i), "FAILED"));
  const std::string text = apply_report(many, "markdown");
  EXPECT_LE(text.size(), 65'536u);
  EXPECT_NE(text.find("more rows do not fit here"), std::string::npos);
}

TEST(ApplyReport, GivesPipelinesAnExitCode) {
  EXPECT_EQ(apply_exit_code({{"state", "APPLIED"}}), 0);
  EXPECT_EQ(apply_exit_code({{"state", "PARTIAL"}}), 1);
  EXPECT_EQ(apply_exit_code({{"state", "FAILED"}}), 1);
  EXPECT_EQ(apply_exit_code({{"state", "RUNNING"}}), 3);
  for (const char* code : {"plan.stale", "plan.violations", "approval.expired", "change.not-approved", "mode.read-only",
                           "apply.conflict", "apply.in-progress"}) {
    EXPECT_TRUE(is_apply_refusal(code)) << code;
  }
  for (const char* code : {"apply.busy", "apply.interrupted", "http.500", "auth.forbidden", "sql.timeout"}) {
    EXPECT_FALSE(is_apply_refusal(code)) << code;
  }
}

TEST(ApplyReport, DrawsHowFarItIs) {
  EXPECT_EQ(progress_bar({{"items", {item("a", "DONE"), item("b", "PENDING")}}}),
            "[===============               ] 1/2");
  EXPECT_EQ(progress_bar(partial()), "[==============================] 3/3, 2 not applied");
}

}  // namespace
}  // namespace sluice::governance::interface
