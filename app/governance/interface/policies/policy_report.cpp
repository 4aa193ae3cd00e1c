#include "governance/interface/policies/policy_report.h"

#include <fmt/format.h>

#include "governance/interface/plan_report.h"
#include "governance/interface/report/members.h"

namespace sluice::governance::interface {
namespace {

// Where a violation was seen: an environment's topics, or the plan of a change.
std::string origin_of(const Json& violation, const std::string& environment) {
  const std::string change = text_of(violation, "changeId");
  if (change.empty()) return environment;
  return fmt::format("change {}, revision {}", change, number_of(violation, "revision").value_or(0));
}

ReportFinding finding_of(const Json& violation, const std::string& environment) {
  ReportFinding finding = finding_of_violation(violation);
  finding.message = fmt::format("{}: {}", origin_of(violation, environment), finding.message);
  return finding;
}

void add_comparison(const Json& found, const std::string& environment, Report& report) {
  for (const Json& violation : list_of(found, "newlyFailing")) report.findings.push_back(finding_of(violation, environment));
  for (const Json& violation : list_of(found, "newlyPassing")) {
    ReportFinding passing = finding_of(violation, environment);
    passing.level = Level::kNote;
    passing.message = "no longer: " + passing.message;
    passing.fix.clear();
    report.findings.push_back(std::move(passing));
  }
}

std::int64_t count_of(const Json& found, std::string_view name) { return number_of(found, name).value_or(0); }

// A rule that stays silent for want of an answer must not look like one that is met.
void add_not_judged(const Json& estate, const std::string& environment, Report& report) {
  for (const Json& one : list_of(estate, "notJudged")) {
    report.findings.push_back({.level = Level::kNote, .rule = "policy.not-judged", .name = text_of(one, "rule"),
                               .message = fmt::format("{}: not held against {} topics: {}", environment,
                                                      count_of(one, "topics"), text_of(one, "why"))});
  }
}

void add_estate(const Json& estate, Report& report) {
  const std::string environment = text_of(estate, "env");
  const std::string unavailable = text_of(estate, "unavailable");
  if (unavailable.empty()) {
    report.items.push_back({environment, "LOOKED AT", {}, fmt::format("{} topics", count_of(estate, "topics"))});
    add_comparison(estate, environment, report);
    return add_not_judged(estate, environment, report);
  }
  report.items.push_back({environment, "UNKNOWN", {}, ""});
  report.findings.push_back({.level = Level::kError, .rule = "policy.not-previewed", .name = environment,
                             .message = unavailable, .fix = "Look again when it answers."});
}

void add_plans(const Json& plans, Report& report) {
  report.items.push_back({"plans", "LOOKED AT", {}, fmt::format("{} since {}", count_of(plans, "judged"), text_of(plans, "since"))});
  add_comparison(plans, "", report);
  for (const Json& one : list_of(plans, "notJudged")) {
    report.findings.push_back({.level = Level::kNote, .rule = "policy.not-judged", .name = text_of(one, "changeId"),
                               .message = fmt::format("{}: {}", origin_of(one, ""), text_of(one, "why"))});
  }
}

std::int64_t count_all(const Json& answer, std::string_view name) {
  std::int64_t count = 0;
  for (const Json& estate : list_of(answer, "estate")) count += count_of(estate, name);
  return answer.contains("plans") ? count + count_of(answer["plans"], name) : count;
}

std::string identity(const Json& diff, const char* side) {
  const auto version = diff.find(side);
  if (version == diff.end()) return "";
  return fmt::format("{} (\"{}\")", count_of(*version, "version"), text_of(*version, "documentVersion"));
}

Report report_of_patch(const Json& patch) {
  Report report;
  report.kind = "policy";
  for (const Json& step : patch) {
    ReportItem item{text_of(step, "path"), text_of(step, "op"), {}, ""};
    for (char& c : item.action) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (const auto value = step.find("value"); value != step.end()) item.note = value->dump();
    report.items.push_back(std::move(item));
  }
  report.summary = counted(std::ssize(patch), "difference");
  return report;
}

}  // namespace

Report report_of_preview(const Json& answer) {
  Report report;
  report.kind = "policy";
  report.title = "Preview of policies";
  report.findings_title = "What would change";
  report.level_words = {"note", "warn", "block"};
  for (const Json& estate : list_of(answer, "estate")) add_estate(estate, report);
  if (answer.contains("plans")) add_plans(answer["plans"], report);
  report.summary = fmt::format("{} would newly fail, {} would newly pass.", count_all(answer, "newlyFailingCount"),
                               count_all(answer, "newlyPassingCount"));
  return report;
}

PreviewOutcome outcome_of_preview(const Json& answer) {
  PreviewOutcome outcome{count_all(answer, "newlyFailingCount"), true};
  for (const Json& estate : list_of(answer, "estate")) outcome.complete = outcome.complete && !estate.contains("unavailable");
  return outcome;
}

Report report_of_policy_test(std::string_view file, const Json& test) {
  Report report;
  report.kind = "policy";
  report.title = fmt::format("Test of {}", file);
  report.findings_title = "Problems";
  report.file = file;
  const bool sound = test.value("sound", false);
  report.items.push_back({std::string(file), sound ? "SOUND" : "UNSOUND", {}, ""});
  for (const Json& problem : list_of(test, "problems")) {
    report.findings.push_back({.level = Level::kError,
                               .rule = "policy." + text_of(problem, "rule"),
                               .name = std::string(file),
                               .field = text_of(problem, "field"),
                               .message = text_of(problem, "message"),
                               .fix = text_of(problem, "fix"),
                               .place = {static_cast<int>(count_of(problem, "line")),
                                         static_cast<int>(count_of(problem, "column"))}});
  }
  report.summary = sound ? fmt::format("{} rules, {} exemptions, {} modes; every example holds", count_of(test, "rules"),
                                       count_of(test, "exemptions"), count_of(test, "modes"))
                         : counted(std::ssize(list_of(test, "problems")), "problem");
  return report;
}

Report report_of_policy_diff(const Json& diff) {
  Report report = report_of_patch(list_of(diff, "patch"));
  report.title = fmt::format("Policies from version {} to {}", identity(diff, "from"), identity(diff, "to"));
  return report;
}

Report report_of_policy_plan(const Json& plan) {
  Report report = report_of_patch(list_of(plan, "patch"));
  report.title = fmt::format("Plan of change {}: policies \"{}\" in place of version {}", text_of(plan, "changeId"),
                             plan.contains("policies") ? text_of(plan["policies"], "documentVersion") : "",
                             identity(plan, "base"));
  report.facts.emplace_back("digest", text_of(plan, "digest"));
  return report;
}

}  // namespace sluice::governance::interface
