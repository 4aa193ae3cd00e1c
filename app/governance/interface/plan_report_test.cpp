#include "governance/interface/plan_report.h"

#include <gtest/gtest.h>

#include "governance/interface/report/render.h"

namespace sluice::governance::interface {
namespace {

Json example() {
  return Json::parse(R"({
    "env": "prod", "changeId": "2025-09-25_001", "revision": 2, "digest": "d1",
    "plan": [
      {"name": "prod.orders.created", "action": "ALTER", "diff": {"partitions": "8→12"},
       "changes": [
         {"field": "partitions", "old": "8", "new": "12", "oldSource": "topic", "newSource": "topic"},
         {"field": "cleanup.policy", "old": "delete", "new": "compact",
          "oldSource": "broker", "newSource": "topic"}]},
      {"name": "prod.tmp.experiment", "action": "DELETE", "reason": "retired"}],
    "violations": [
      {"name": "prod.tmp.experiment", "rule": "forbid.prefix", "message": "'tmp' is forbidden in prod",
       "severity": "warn", "field": "name", "fix": "nothing to do: the topic is being deleted"}]})");
}

TEST(PlanAsText, ShowsEveryChangeWithItsSourceAndEveryViolationWithItsFix) {
  EXPECT_EQ(as_text(report_of_plan(example())),
            "Plan of change 2025-09-25_001 for prod, revision 2\n"
            "\n"
            "  ~ prod.orders.created                              ALTER\n"
            "      partitions                   8 → 12\n"
            "      cleanup.policy               (broker default delete) → compact\n"
            "  - prod.tmp.experiment                              DELETE   retired\n"
            "\n"
            "Violations\n"
            "  warn    forbid.prefix  prod.tmp.experiment  [name]\n"
            "          'tmp' is forbidden in prod\n"
            "          fix: nothing to do: the topic is being deleted\n"
            "\n"
            "0 to create, 1 to alter, 1 to delete, 0 unchanged; 0 blocking, 1 warning.\n"
            "digest d1\n");
}

TEST(PlanAsText, ShowsOfANewTopicOnlyWhatItGets) {
  const Json plan = Json::parse(R"({"env": "dev", "changeId": "c", "violations": [], "plan": [
    {"name": "dev.a", "action": "CREATE", "changes": [
      {"field": "compression.type", "old": null, "oldSource": null, "new": "zstd", "newSource": "policy default"},
      {"field": "replicationFactor", "old": null, "oldSource": null, "new": null, "newSource": "broker"}]}]})");
  const std::string text = as_text(report_of_plan(plan));
  EXPECT_NE(text.find("      compression.type             zstd (policy default)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("      replicationFactor            (broker default)\n"), std::string::npos) << text;
}

Json moving_plan(const Json& bytes, int partitions) {
  Json item{{"name", "prod.a"}, {"action", "ALTER"},
            {"moves", {{"partitions", partitions}, {"bytes", bytes}, {"throttleBytesPerSecond", 52'428'800}}}};
  for (int i = 0; i < partitions; ++i) item["assignment"].push_back({{"partition", i}, {"from", {1}}, {"to", {1, 2}}});
  return {{"env", "prod"}, {"changeId", "c"}, {"violations", Json::array()}, {"plan", {item}}};
}

TEST(PlanAsText, ShowsWhichReplicasMoveHowMuchIsCopiedAndUnderWhichThrottle) {
  const std::string text = as_text(report_of_plan(moving_plan(1'610'612'736, 2)));
  EXPECT_NE(text.find("      replicas by partition        0: 1 → 1,2; 1: 1 → 1,2\n"
                      "      replica moves                1.5 GiB to copy, at most 50.0 MiB/s for each broker\n"),
            std::string::npos)
      << text;
}

TEST(PlanAsMarkdown, ShowsReplicaMovesAndCutsALongListOfPartitions) {
  const std::string text = as_markdown(report_of_plan(moving_plan(nullptr, 1'000)));
  EXPECT_NE(text.find("; 19: 1 → 1,2; and 980 more<br>"), std::string::npos) << text;
  EXPECT_NE(text.find("replica moves: an unknown number of bytes to copy"), std::string::npos) << text;
}

TEST(PlanAsText, ColoursOnlyWhenAsked) {
  EXPECT_EQ(as_text(report_of_plan(example())).find('\x1b'), std::string::npos);
  EXPECT_NE(as_text(report_of_plan(example()), {.colour = true}).find("\x1b[33m"), std::string::npos);
}

struct ExitCase {
  std::string action;
  std::string severity;
  int code;
};
class PlanExitCode : public testing::TestWithParam<ExitCase> {};
TEST_P(PlanExitCode, TellsAPipelineWhatToDo) {
  Json plan{{"plan", Json::array()}, {"violations", Json::array()}};
  if (!GetParam().action.empty()) plan["plan"].push_back({{"action", GetParam().action}});
  if (!GetParam().severity.empty()) plan["violations"].push_back({{"severity", GetParam().severity}});
  EXPECT_EQ(plan_exit_code(plan), GetParam().code);
}
INSTANTIATE_TEST_SUITE_P(G30, PlanExitCode,
                         testing::Values(ExitCase{"", "", 0}, ExitCase{"NONE", "", 0},
                                         ExitCase{"NONE", "observe", 0}, ExitCase{"CREATE", "", 3},
                                         ExitCase{"NONE", "warn", 3}, ExitCase{"DELETE", "warn", 3},
                                         ExitCase{"CREATE", "block", 4}, ExitCase{"NONE", "block", 4}));

}  // namespace
}  // namespace sluice::governance::interface
