#include "governance/interface/plan_report.h"

#include <fmt/format.h>

#include <string_view>

#include "governance/interface/report/members.h"
#include "governance/interface/report/replica_moves.h"

namespace sluice::governance::interface {
namespace {

constexpr int kNothingToDo = 0;
constexpr int kChangesPresent = 3;
constexpr int kViolations = 4;

std::string side(const Json& change, const char* value_name, const char* source_name) {
  const std::string value = text_of(change, value_name);
  const std::string source = text_of(change, source_name);
  if (source == "broker") return value.empty() ? "(broker default)" : fmt::format("(broker default {})", value);
  return source.empty() || source == "topic" ? value : fmt::format("{} ({})", value, source);
}

// What a new topic gets has no before.
std::string change_line(const Json& change) {
  const bool is_new = text_of(change, "old").empty() && text_of(change, "oldSource").empty();
  if (is_new) return side(change, "new", "newSource");
  return fmt::format("{} → {}", side(change, "old", "oldSource"), side(change, "new", "newSource"));
}

std::string item_tail(const Json& item) {
  const std::string note = text_of(item, "note");
  const std::string reason = text_of(item, "reason");
  if (!note.empty() && !reason.empty()) return fmt::format("{} ({})", note, reason);
  return note.empty() ? reason : note;
}

struct Counts {
  int create = 0;
  int alter = 0;
  int remove = 0;
  int none = 0;
  int block = 0;
  int warn = 0;
};

Counts count(const Json& plan) {
  Counts counts;
  for (const Json& item : list_of(plan, "plan")) {
    const std::string action = text_of(item, "action");
    ++(action == "CREATE"   ? counts.create
       : action == "ALTER"  ? counts.alter
       : action == "DELETE" ? counts.remove
                            : counts.none);
  }
  for (const Json& violation : list_of(plan, "violations")) {
    const std::string severity = text_of(violation, "severity");
    if (severity == "block") ++counts.block;
    if (severity == "warn") ++counts.warn;
  }
  return counts;
}

std::string summary(const Counts& counts) {
  return fmt::format("{} to create, {} to alter, {} to delete, {} unchanged; {} blocking, {} warning{}.",
                     counts.create, counts.alter, counts.remove, counts.none, counts.block, counts.warn,
                     counts.warn == 1 ? "" : "s");
}

Level level_of(std::string_view severity) {
  if (severity == "block") return Level::kError;
  return severity == "warn" ? Level::kWarning : Level::kNote;
}

ReportItem item_of(const Json& item) {
  ReportItem out{text_of(item, "name"), text_of(item, "action"), {}, item_tail(item)};
  for (const Json& change : list_of(item, "changes")) out.fields.push_back({text_of(change, "field"), change_line(change)});
  for (ReportField& field : move_fields(item)) out.fields.push_back(std::move(field));
  return out;
}

}  // namespace

ReportFinding finding_of_violation(const Json& violation) {
  return {.level = level_of(text_of(violation, "severity")),
          .rule = text_of(violation, "rule"),
          .name = text_of(violation, "name"),
          .field = text_of(violation, "field"),
          .message = text_of(violation, "message"),
          .fix = text_of(violation, "fix")};
}

Report report_of_plan(const Json& plan) {
  Report report;
  report.kind = "plan";
  report.title = fmt::format("Plan of change {} for {}", text_of(plan, "changeId"), text_of(plan, "env"));
  if (plan.contains("revision")) report.title += fmt::format(", revision {}", plan["revision"].dump());
  report.findings_title = "Violations";
  report.level_words = {"observe", "warn", "block"};
  for (const Json& item : list_of(plan, "plan")) report.items.push_back(item_of(item));
  for (const Json& violation : list_of(plan, "violations")) report.findings.push_back(finding_of_violation(violation));
  report.summary = summary(count(plan));
  if (const std::string digest = text_of(plan, "digest"); !digest.empty()) report.facts.emplace_back("digest", digest);
  return report;
}

int plan_exit_code(const Json& plan) {
  const Counts counts = count(plan);
  if (counts.block > 0) return kViolations;
  const bool anything = counts.create + counts.alter + counts.remove + counts.warn > 0;
  return anything ? kChangesPresent : kNothingToDo;
}

}  // namespace sluice::governance::interface
