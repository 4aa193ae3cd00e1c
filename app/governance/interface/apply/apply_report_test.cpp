// What a person and a pipeline read of an apply (G30).
#include "governance/interface/apply/apply_report.h"

#include <gtest/gtest.h>

#include "governance/interface/report/render.h"

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

TEST(ApplyReport, ShowsWhatBecameOfEachTopicAndWhyItWasNotApplied) {
  EXPECT_EQ(as_text(report_of_apply(partial(), {})),
            "Apply of change OPS-7 in prod\n\n"
            "  + prod.a                                           DONE   CREATE\n"
            "  ~ prod.b                                           UNKNOWN   CREATE\n"
            "  - prod.c                                           FAILED   CREATE\n"
            "\n"
            "Not applied\n"
            "  error   apply.unknown  prod.b\n"
            "          create: INVALID_CONFIG: no | such <key>\n"
            "          fix: Apply the change again.\n"
            "  error   apply.failed  prod.c\n"
            "          create: INVALID_CONFIG: no | such <key>\n"
            "\n"
            "PARTIAL: 1 done, 1 unknown, 1 failed\n");
}

TEST(ApplyReport, ShowsTheReplicasThatMove) {
  Json execution{{"changeId", "OPS-7"}, {"env", "prod"}, {"state", "APPLIED"}, {"items", {item("prod.a", "DONE")}}};
  const Json plan{{"plan", {{{"name", "prod.a"},
                             {"assignment", {{{"partition", 0}, {"from", {2}}, {"to", {2, 3, 1}}}}},
                             {"moves", {{"partitions", 1}, {"bytes", 41'943'040}, {"throttleBytesPerSecond", 52'428'800}}}}}}};
  for (const std::string& text : {as_text(report_of_apply(execution, plan)), as_markdown(report_of_apply(execution, plan))}) {
    EXPECT_NE(text.find("0: 2 → 2,3,1"), std::string::npos) << text;
    EXPECT_NE(text.find("40.0 MiB to copy, at most 50.0 MiB/s for each broker"), std::string::npos) << text;
  }
}

// A pipeline's test report has a case for each topic, and those that were not applied fail.
TEST(ApplyReport, FailsTheCasesThatWereNotAppliedOnceItIsOver) {
  const std::string over = as_junit(report_of_apply(partial(), {}));
  EXPECT_NE(over.find("tests=\"3\" failures=\"2\""), std::string::npos) << over;
  Json running = partial();
  running["state"] = "RUNNING";
  EXPECT_NE(as_junit(report_of_apply(running, {})).find("failures=\"0\""), std::string::npos);
}

TEST(ApplyReport, OnlyCountsWhatWasToStayAsItIs) {
  Json unchanged = item("prod.a", "DONE");
  unchanged["action"] = "NONE";
  const Json execution{{"changeId", "OPS-7"}, {"env", "prod"}, {"state", "APPLIED"}, {"items", {unchanged}}};
  EXPECT_EQ(as_markdown(report_of_apply(execution, {})), "### Apply of change OPS-7 in prod\n\nAPPLIED: 1 done\n\n");
}

TEST(ApplyReport, FitsAPullRequestsComment) {
  Json many = partial();
  for (int i = 0; i < 10'000; ++i) many["items"].push_back(item("prod.topic" + std::to_string(i), "FAILED"));
  const std::string text = as_markdown(report_of_apply(many, {}));
  EXPECT_LE(text.size(), kMarkdownLimit);
  EXPECT_NE(text.find("of 10002 findings and 10003 of 10003 items do not fit here"), std::string::npos)
      << text.substr(text.size() - 200);
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
  for (const char* code : {"apply.busy", "apply.interrupted", "change.not-found", "http.500", "auth.forbidden", "sql.timeout"}) {
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
