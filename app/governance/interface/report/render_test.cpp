#include "governance/interface/report/render.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "governance/interface/plan_report.h"
#include "governance/interface/report/places.h"
#include "platform/core/text.h"
#include "support/golden.h"

namespace sluice::governance::interface {
namespace {

Report example() {
  Report report;
  report.kind = "drift";
  report.title = "Drift of prod";
  report.summary = "1 of 3 topics differs.";
  report.facts = {{"digest", "d1"}};
  report.items = {{"prod.b", "DRIFTED", {{"retention.ms", "declared 7d, live 1d"}}, "changed by hand"},
                  {"prod.a", "NONE", {}, ""},
                  {"prod.c", "NONE", {}, ""}};
  report.findings = {{.level = Level::kWarning, .rule = "drift.owner", .name = "prod.c", .message = "no owner"},
                     {.level = Level::kError,
                      .rule = "drift.config",
                      .name = "prod.b",
                      .field = "retention.ms",
                      .message = "7d was declared, 1d is live",
                      .fix = "apply the declaration again"}};
  return report;
}

Report hostile() {
  Report report;
  report.kind = "plan";
  report.title = "Plan of `x` for |prod|";
  report.summary = "1 <b>";
  const std::string evil = "a|b\n```\n<script>`x` @channel [l](http://e) *b* _i_ ]]> \x1b[31m \x01 \xef\xbf\xbf &\"'";
  report.items = {{evil, "CREATE", {{evil, evil}}, evil}};
  report.findings = {{.level = Level::kError, .rule = evil, .name = evil, .field = evil, .message = evil, .fix = evil}};
  return report;
}

std::size_t bars(std::string_view row) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] == '\\') {
      ++i;
    } else if (row[i] == '|') {
      ++count;
    }
  }
  return count;
}

TEST(AsText, ShowsItemsFindingsAndFacts) {
  EXPECT_EQ(as_text(example()),
            "Drift of prod\n"
            "\n"
            "  = prod.a                                           NONE\n"
            "  ~ prod.b                                           DRIFTED   changed by hand\n"
            "      retention.ms                 declared 7d, live 1d\n"
            "  = prod.c                                           NONE\n"
            "\n"
            "Findings\n"
            "  error   drift.config  prod.b  [retention.ms]\n"
            "          7d was declared, 1d is live\n"
            "          fix: apply the declaration again\n"
            "  warn    drift.owner  prod.c\n"
            "          no owner\n"
            "\n"
            "1 of 3 topics differs.\n"
            "digest d1\n");
}

TEST(AsText, ShowsWhereAFindingIs) {
  Report report = example();
  report.file = "topics.yaml";
  report.findings[1].place = {7, 3};
  EXPECT_NE(as_text(report).find("prod.b  [retention.ms]  topics.yaml:7:3\n"), std::string::npos) << as_text(report);
}

TEST(AsText, LetsNoEscapeSequenceThrough) {
  const std::string text = as_text(hostile());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x01'), std::string::npos);
}

TEST(AsMarkdown, PutsFindingsFirstAndOnlyCountsWhatIsUnchanged) {
  EXPECT_EQ(as_markdown(example()),
            "### Drift of prod\n"
            "\n"
            "1 of 3 topics differs.\n"
            "\n"
            "digest: d1\n"
            "\n"
            "| Level | Rule | Name | What | How to mend |\n"
            "|---|---|---|---|---|\n"
            "| error | drift.config | prod.b | 7d was declared, 1d is live | apply the declaration again |\n"
            "| warn | drift.owner | prod.c | no owner |  |\n"
            "\n"
            "| Action | Name | Details |\n"
            "|---|---|---|\n"
            "| DRIFTED | prod.b | retention.ms: declared 7d, live 1d<br>changed by hand |\n"
            "\n");
}

TEST(AsMarkdown, LetsNothingBreakATableOrCallSomebody) {
  const std::string text = as_markdown(hostile());
  for (const std::string& line : split(text, '\n')) {
    if (!line.starts_with("|")) continue;
    const std::size_t expected = line.starts_with("| error") || line.starts_with("| Level") || line == "|---|---|---|---|---|" ? 6 : 4;
    EXPECT_EQ(bars(line), expected) << line;
  }
  for (const char* broken : {"\n```", "@channel", " <script", "l](", "\x1b"}) {
    EXPECT_EQ(text.find(broken), std::string::npos) << broken;
  }
}

TEST(AsMarkdown, StaysUnderTheLimitAtTenThousandChangesAndSaysWhatIsMissing) {  // M18
  Report report = example();
  report.items.clear();
  for (int i = 0; i < 10'000; ++i) {
    report.items.push_back({fmt::format("prod.topic-{:05}", i), "ALTER", {{"partitions", "8 → 12"}}, ""});
  }
  const std::string text = as_markdown(report);
  EXPECT_LE(text.size(), kMarkdownLimit);
  EXPECT_GT(text.size(), kMarkdownLimit - 500);
  const auto lines = split(text, '\n');
  const auto rows = std::count_if(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("| ALTER"); });
  EXPECT_NE(text.find(fmt::format("0 of 2 findings and {} of 10000 items do not fit here", 10'000 - rows)), std::string::npos)
      << text.substr(text.size() - 300);
  EXPECT_NE(text.find("drift.config"), std::string::npos);
}

TEST(AsMarkdown, OneMonstrousValueDoesNotHideTheRest) {
  Report report = example();
  report.items[0].note = std::string(500'000, '|');
  report.items.push_back({"prod.z", "CREATE", {}, ""});
  const std::string text = as_markdown(report);
  EXPECT_NE(text.find("prod.z"), std::string::npos);
  EXPECT_LE(text.size(), kMarkdownLimit);
}

TEST(AsJunit, HasACaseForEveryNameAndFailsThoseInError) {
  EXPECT_EQ(as_junit(example()),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites tests=\"3\" failures=\"1\" errors=\"0\">\n"
            "  <testsuite name=\"sluice drift\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"0\">\n"
            "    <testcase classname=\"sluice.drift\" name=\"prod.a\"/>\n"
            "    <testcase classname=\"sluice.drift\" name=\"prod.b\">\n"
            "      <failure type=\"drift.config\" message=\"7d was declared, 1d is live\">[retention.ms] 7d was declared, "
            "1d is live&#10;fix: apply the declaration again</failure>\n"
            "    </testcase>\n"
            "    <testcase classname=\"sluice.drift\" name=\"prod.c\">\n"
            "      <system-out>warn drift.owner: no owner&#10;</system-out>\n"
            "    </testcase>\n"
            "  </testsuite>\n"
            "</testsuites>\n");
}

TEST(AsJunit, HoldsOnlyCharactersThatXmlKnows) {
  const std::string text = as_junit(hostile());
  for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
  EXPECT_EQ(text.find("\xef\xbf\xbf"), std::string::npos);
  EXPECT_EQ(text.find("<script"), std::string::npos);
}

TEST(AsSarif, NamesTheToolItsRulesAndOneResultForEachFinding) {
  Report report = example();
  add_places(report, "./topics/prod a.yaml",
             "kind: TopicBatch\nitems:\n  - name: prod.b\n    config:\n      retention.ms: 7d\n  - name: prod.c\n");
  const Json sarif = Json::parse(as_sarif(report));
  const Json& run = sarif["runs"][0];
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(run["tool"]["driver"]["rules"], Json::parse(R"([{"id": "drift.config"}, {"id": "drift.owner"}])"));
  ASSERT_EQ(run["results"].size(), 2U);
  const Json& first = run["results"][0];
  EXPECT_EQ(first["ruleId"], "drift.config");
  EXPECT_EQ(first["ruleIndex"], 0);
  EXPECT_EQ(first["level"], "error");
  EXPECT_EQ(first["message"]["text"], "7d was declared, 1d is live\napply the declaration again");
  EXPECT_EQ(first["locations"][0]["physicalLocation"],
            Json::parse(R"({"artifactLocation": {"uri": "topics/prod%20a.yaml"}, "region": {"startLine": 5, "startColumn": 7}})"));
  EXPECT_EQ(run["results"][1]["locations"][0]["physicalLocation"]["region"],
            Json::parse(R"({"startLine": 6, "startColumn": 11})"));
}

// Checked by hand against the official schema (npm @microsoft/jest-sarif, sarif-2.1.0-rtm.5.json).
TEST(AsSarif, LooksLikeThis) {
  Report report = example();
  add_places(report, "topics/prod.yaml", "kind: TopicBatch\nitems:\n  - name: prod.b\n    config:\n      retention.ms: 7d\n");
  test::expect_golden("app/governance/interface/testdata/report.sarif", as_sarif(report));
}

TEST(AsSarif, ManagesWithoutAFileAndWithoutFindings) {
  EXPECT_FALSE(Json::parse(as_sarif(example()))["runs"][0]["results"][0]["locations"][0].contains("physicalLocation"));
  EXPECT_EQ(Json::parse(as_sarif(Report{}))["runs"][0]["results"], Json::array());
  EXPECT_TRUE(Json::accept(as_sarif(hostile())));
}

struct PlaceCase {
  std::string name;
  std::string field;
  ReportPlace place;
};

TEST(AddPlaces, FindsTheFieldElseTheItemElseNothing) {
  const std::string text =
      "kind: TopicBatch\n"                                                     // 1
      "env: prod\n"                                                            // 2
      "items:\n"                                                               // 3
      "  - config: {partitions: 3, retention.ms: 7d}\n"                        // 4
      "    name: prod.a\n"                                                     // 5
      "    metadata:\n"                                                        // 6
      "      owner: kim\n"                                                     // 7
      "    action: create\n";                                                  // 8
  for (const PlaceCase& wanted : {PlaceCase{"prod.a", "partitions", {4, 14}}, PlaceCase{"prod.a", "retention.ms", {4, 29}},
                                  PlaceCase{"prod.a", "owner", {7, 7}}, PlaceCase{"prod.a", "action", {8, 5}},
                                  PlaceCase{"prod.a", "name", {5, 11}}, PlaceCase{"prod.a", "segment.bytes", {5, 11}},
                                  PlaceCase{"prod.a", "", {5, 11}}, PlaceCase{"prod.b", "name", {0, 0}}}) {
    Report report;
    report.findings = {{.rule = "r", .name = wanted.name, .field = wanted.field, .message = "m"}};
    add_places(report, "b.yaml", text);
    const ReportPlace place = report.findings[0].place;
    EXPECT_EQ(std::pair(place.line, place.column), std::pair(wanted.place.line, wanted.place.column))
        << wanted.name << " " << wanted.field;
  }
}

TEST(AddPlaces, LeavesPlacesOutWhereTheTextCanNotBeRead) {
  for (const char* text : {"", "[", "- a\n", "items: 3\n", "items: [3, {name: [x]}, {config: 5, name: prod.b}]\n", "\xff"}) {
    Report report = example();
    add_places(report, "b.yaml", text);
    EXPECT_EQ(report.file, "b.yaml");
    as_sarif(report);
  }
}

TEST(AsJson, PutsNamedListsInOrderAndLeavesOthersAlone) {
  const Json document = Json::parse(R"({"plan": [{"name": "b"}, {"name": "a", "x": 2}, {"name": "a", "x": 1}],
                                        "other": [3, 1, 2], "env": "prod"})");
  EXPECT_EQ(Json::parse(as_json(document)),
            Json::parse(R"({"plan": [{"name": "a", "x": 1}, {"name": "a", "x": 2}, {"name": "b"}],
                            "other": [3, 1, 2], "env": "prod"})"));
}

// M18: the same result gives the same bytes in every format, whatever order it came in.
TEST(EveryFormat, IsTheSameBytesForAnyOrderOfItsRows) {
  std::mt19937_64 random(std::random_device{}());
  Json plan{{"env", "prod"}, {"changeId", "c"}, {"plan", Json::array()}, {"violations", Json::array()}};
  for (int i = 0; i < 40; ++i) {
    const std::string name = fmt::format("prod.t{}", i % 30);
    plan["plan"].push_back({{"name", fmt::format("prod.t{}", i)}, {"action", i % 3 == 0 ? "NONE" : "CREATE"}});
    plan["violations"].push_back({{"name", name}, {"rule", fmt::format("r{}", i % 4)}, {"severity", i % 2 == 0 ? "warn" : "block"},
                                  {"message", fmt::format("m{}", i)}, {"field", ""}, {"fix", ""}});
  }
  const auto all = [](const Json& one) {
    const Report report = report_of_plan(one);
    return as_text(report) + as_markdown(report) + as_junit(report) + as_sarif(report) + as_json(one);
  };
  const std::string expected = all(plan);
  for (int run = 0; run < 100; ++run) {
    for (const char* list : {"plan", "violations"}) std::shuffle(plan[list].begin(), plan[list].end(), random);
    ASSERT_EQ(all(plan), expected);
  }
}

}  // namespace
}  // namespace sluice::governance::interface
