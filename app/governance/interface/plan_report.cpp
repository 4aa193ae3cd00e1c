#include "governance/interface/plan_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace sluice::governance::interface {
namespace {

constexpr int kNothingToDo = 0;
constexpr int kChangesPresent = 3;
constexpr int kViolations = 4;

std::string text_of(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

struct Look {
  char sign;
  const char* colour;
};

Look look_of(std::string_view action) {
  if (action == "CREATE") return {'+', "\x1b[32m"};
  if (action == "ALTER") return {'~', "\x1b[33m"};
  if (action == "DELETE") return {'-', "\x1b[31m"};
  return {'=', "\x1b[2m"};
}

std::string painted(std::string text, const char* colour, TextStyle style) {
  return style.colour ? colour + text + "\x1b[0m" : text;
}

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

const Json& list_of(const Json& plan, const char* name) {
  static const Json kEmpty = Json::array();
  const auto list = plan.find(name);
  return list != plan.end() && list->is_array() ? *list : kEmpty;
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

void append_item(std::string& out, const Json& item, TextStyle style) {
  const std::string action = text_of(item, "action");
  const Look look = look_of(action);
  const std::string head = fmt::format("{} {:<48} {}", look.sign, text_of(item, "name"), action);
  const std::string tail = item_tail(item);
  out += "  " + painted(head, look.colour, style) + (tail.empty() ? "" : "   " + tail) + "\n";
  for (const Json& change : list_of(item, "changes")) {
    out += fmt::format("      {:<28} {}\n", text_of(change, "field"), change_line(change));
  }
}

void append_violation(std::string& out, const Json& violation, TextStyle style) {
  const std::string severity = text_of(violation, "severity");
  const char* colour = severity == "block" ? "\x1b[31m" : "\x1b[33m";
  out += fmt::format("  {} {}  {}", painted(fmt::format("{:<7}", severity), colour, style),
                     text_of(violation, "rule"), text_of(violation, "name"));
  const std::string field = text_of(violation, "field");
  out += field.empty() ? "\n" : fmt::format("  [{}]\n", field);
  out += fmt::format("          {}\n", text_of(violation, "message"));
  const std::string fix = text_of(violation, "fix");
  if (!fix.empty()) out += fmt::format("          fix: {}\n", fix);
}

// Names and messages come from users: keep them from breaking the table they stand in.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '<' || c == '\\') out.push_back('\\');
    out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  }
  return out;
}

std::string item_row(const Json& item) {
  std::vector<std::string> changes;
  for (const Json& change : list_of(item, "changes")) {
    changes.push_back(cell(text_of(change, "field") + ": " + change_line(change)));
  }
  const std::string tail = item_tail(item);
  if (!tail.empty()) changes.push_back(cell(tail));
  return fmt::format("| {} | {} | {} |\n", text_of(item, "action"), cell(text_of(item, "name")),
                     fmt::join(changes, "<br>"));
}

std::string violation_row(const Json& violation) {
  return fmt::format("| {} | {} | {} | {} | {} |\n", text_of(violation, "severity"),
                     cell(text_of(violation, "rule")), cell(text_of(violation, "name")),
                     cell(text_of(violation, "message")), cell(text_of(violation, "fix")));
}

}  // namespace

std::string plan_as_text(const Json& plan, TextStyle style) {
  std::string out = fmt::format("Plan of change {} for {}", text_of(plan, "changeId"), text_of(plan, "env"));
  if (plan.contains("revision")) out += fmt::format(", revision {}", plan["revision"].dump());
  out += "\n\n";
  for (const Json& item : list_of(plan, "plan")) append_item(out, item, style);
  const Json& violations = list_of(plan, "violations");
  if (!violations.empty()) out += "\nViolations\n";
  for (const Json& violation : violations) append_violation(out, violation, style);
  out += "\n" + summary(count(plan)) + "\n";
  const std::string digest = text_of(plan, "digest");
  if (!digest.empty()) out += "digest " + digest + "\n";
  return out;
}

std::string plan_as_markdown(const Json& plan, std::size_t limit) {
  constexpr std::size_t kRoomForLastLine = 120;
  const Counts counts = count(plan);
  std::string out = fmt::format("### Plan of change {} for {}\n\n{}\n\n", cell(text_of(plan, "changeId")),
                                cell(text_of(plan, "env")), summary(counts));
  const std::string digest = text_of(plan, "digest");
  if (!digest.empty()) out += fmt::format("Digest `{}`\n\n", digest);

  std::size_t dropped = 0;
  const auto add_rows = [&](const Json& list, std::string_view head, auto row_of) {
    if (list.empty()) return;
    bool headed = false;
    for (const Json& entry : list) {
      const std::string row = (headed ? "" : std::string(head)) + row_of(entry);
      if (dropped > 0 || out.size() + row.size() + kRoomForLastLine > limit) {
        ++dropped;
        continue;
      }
      out += row;
      headed = true;
    }
    if (headed) out += "\n";
  };
  // Violations first: when something must be cut, it is not the reason for a refusal.
  add_rows(list_of(plan, "violations"),
           "| Severity | Rule | Topic | What | How to mend |\n|---|---|---|---|---|\n", violation_row);
  add_rows(list_of(plan, "plan"), "| Action | Topic | Changes |\n|---|---|---|\n", item_row);
  if (dropped > 0) out += fmt::format("{} more rows do not fit here; see `sluice plan --format json`.\n", dropped);
  return out;
}

int plan_exit_code(const Json& plan) {
  const Counts counts = count(plan);
  if (counts.block > 0) return kViolations;
  const bool anything = counts.create + counts.alter + counts.remove + counts.warn > 0;
  return anything ? kChangesPresent : kNothingToDo;
}

}  // namespace sluice::governance::interface
