// What people and pipelines read of a preview, a test and a comparison of policies (G27, G30).
#include "governance/interface/policies/policy_report.h"

#include <gtest/gtest.h>

#include "governance/interface/report/places.h"
#include "governance/interface/report/render.h"

namespace sluice::governance::interface {
namespace {

Json violation(const std::string& name, const std::string& severity) {
  return {{"name", name},          {"rule", "guardrail.retention"}, {"severity", severity},
          {"field", "retention.ms"}, {"message", "5d is below 7d"},  {"fix", "Set at least 7d."}};
}

Json preview() {
  Json in_plan = violation("prod.b", "warn");
  in_plan["changeId"] = "OPS-7";
  in_plan["revision"] = 2;
  return {{"estate",
           {{{"env", "prod"}, {"topics", 12}, {"newlyFailing", {violation("prod.a", "block")}}, {"newlyFailingCount", 1},
             {"newlyPassing", Json::array()}, {"newlyPassingCount", 0},
             {"notJudged", {{{"rule", "keep"}, {"topics", 12}, {"why", "it is about deletes"}}}}},
            {{"env", "stg"}, {"unavailable", "the cluster does not answer"}}}},
          {"plans",
           {{"since", "2026-08-23T00:00:00Z"}, {"judged", 3}, {"notJudged", Json::array()},
            {"newlyFailing", Json::array()}, {"newlyFailingCount", 0}, {"newlyPassing", {in_plan}}, {"newlyPassingCount", 1}}}};
}

TEST(PreviewReport, SaysWhatWouldFailWhatWouldPassAndWhatNobodyKnows) {
  EXPECT_EQ(as_text(report_of_preview(preview())),
            "Preview of policies\n\n"
            "  ~ plans                                            LOOKED AT   3 since 2026-08-23T00:00:00Z\n"
            "  ~ prod                                             LOOKED AT   12 topics\n"
            "  ~ stg                                              UNKNOWN\n"
            "\n"
            "What would change\n"
            "  block   guardrail.retention  prod.a  [retention.ms]\n"
            "          prod: 5d is below 7d\n"
            "          fix: Set at least 7d.\n"
            "  block   policy.not-previewed  stg\n"
            "          the cluster does not answer\n"
            "          fix: Look again when it answers.\n"
            "  note    policy.not-judged  keep\n"
            "          prod: not held against 12 topics: it is about deletes\n"
            "  note    guardrail.retention  prod.b  [retention.ms]\n"
            "          no longer: change OPS-7, revision 2: 5d is below 7d\n"
            "\n"
            "1 would newly fail, 1 would newly pass.\n");
}

TEST(PreviewReport, CountsWhatIsNewAndKnowsThatItIsNotComplete) {
  EXPECT_EQ(outcome_of_preview(preview()).newly_failing, 1);
  EXPECT_FALSE(outcome_of_preview(preview()).complete);
  EXPECT_TRUE(outcome_of_preview({{"estate", Json::array()}}).complete);
}

TEST(PreviewReport, PointsAtTheRule) {
  Report report = report_of_preview(preview());
  add_rule_places(report, "policies.yaml", "kind: PolicySet\nrules:\n  - {rule: naming.pattern}\n  - rule: guardrail.retention\n");
  const Json result = Json::parse(as_sarif(report))["runs"][0]["results"][0];
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"], Json::parse(R"({"startLine": 4, "startColumn": 11})"));
}

TEST(PreviewReport, FitsAPullRequestsCommentAtTenThousandFindings) {  // M18
  Json large = preview();
  for (int i = 0; i < 10'000; ++i) large["estate"][0]["newlyFailing"].push_back(violation("prod.t" + std::to_string(i), "block"));
  EXPECT_LE(as_markdown(report_of_preview(large)).size(), kMarkdownLimit);
}

TEST(PolicyTestReport, PointsAtEachProblem) {
  const Json test{{"sound", false},
                  {"problems", {{{"field", "rules[0].max"}, {"rule", "type"}, {"message", "must be a whole number"},
                                 {"fix", ""}, {"line", 5}, {"column", 12}}}}};
  const Report report = report_of_policy_test("policies.yaml", test);
  const Json result = Json::parse(as_sarif(report))["runs"][0]["results"][0];
  EXPECT_EQ(result["ruleId"], "policy.type");
  EXPECT_EQ(result["locations"][0]["physicalLocation"],
            Json::parse(R"({"artifactLocation": {"uri": "policies.yaml"}, "region": {"startLine": 5, "startColumn": 12}})"));
  EXPECT_NE(as_junit(report).find("tests=\"1\" failures=\"1\""), std::string::npos);
}

TEST(PolicyTestReport, SaysWhatHeldWhenAllIsWell) {
  const Json test{{"sound", true}, {"problems", Json::array()}, {"rules", 12}, {"exemptions", 1}, {"modes", 0}};
  const std::string text = as_text(report_of_policy_test("policies.yaml", test));
  EXPECT_NE(text.find("12 rules, 1 exemptions, 0 modes; every example holds\n"), std::string::npos) << text;
}

TEST(PolicyDiffReport, HasARowForEachDifference) {
  const Json diff{{"from", {{"version", 1}, {"documentVersion", "1"}}},
                  {"to", {{"version", 2}, {"documentVersion", "1"}}},
                  {"patch", {{{"op", "replace"}, {"path", "/rules/3/max"}, {"value", "5d"}}}}};
  EXPECT_EQ(as_markdown(report_of_policy_diff(diff)),
            "### Policies from version 1 (\"1\") to 2 (\"1\")\n\n1 difference\n\n"
            "| Action | Name | Details |\n|---|---|---|\n| REPLACE | /rules/3/max | \"5d\" |\n\n");
}

}  // namespace
}  // namespace sluice::governance::interface
