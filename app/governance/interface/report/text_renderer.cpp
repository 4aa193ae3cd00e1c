#include <fmt/format.h>

#include <string_view>

#include "governance/interface/report/render.h"
#include "platform/core/text.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kMostText = 16 * 1024;
constexpr const char* kRed = "\x1b[31m";
constexpr const char* kGreen = "\x1b[32m";
constexpr const char* kYellow = "\x1b[33m";
constexpr const char* kFaint = "\x1b[2m";

struct Look {
  char sign;
  const char* colour;
};

Look look_of(std::string_view action) {
  if (action == "CREATE" || action == "CREATED" || action == "DONE") return {'+', kGreen};
  if (action == "DELETE" || action == "DELETED" || action == "FAILED") return {'-', kRed};
  if (action == "NONE") return {'=', kFaint};
  return {'~', kYellow};
}

// What others wrote must not reach a terminal as commands.
std::string shown(std::string_view text) { return printable(text, kMostText); }

std::string painted(std::string text, const char* colour, TextStyle style) {
  return style.colour ? colour + text + "\x1b[0m" : text;
}

void append_item(std::string& out, const ReportItem& item, TextStyle style) {
  const Look look = look_of(item.action);
  const std::string head = fmt::format("{} {:<48} {}", look.sign, shown(item.name), shown(item.action));
  out += "  " + painted(head, look.colour, style) + (item.note.empty() ? "" : "   " + shown(item.note)) + "\n";
  for (const ReportField& field : item.fields) {
    out += fmt::format("      {:<28} {}\n", shown(field.name), shown(field.text));
  }
}

void append_finding(std::string& out, const Report& report, const ReportFinding& finding, TextStyle style) {
  const std::string& word = report.level_words[static_cast<std::size_t>(finding.level)];
  const char* colour = finding.level == Level::kError ? kRed : kYellow;
  out += fmt::format("  {} {}  {}", painted(fmt::format("{:<7}", word), colour, style), shown(finding.rule),
                     shown(finding.name));
  if (!finding.field.empty()) out += fmt::format("  [{}]", shown(finding.field));
  if (finding.place.line > 0) {
    out += fmt::format("  {}:{}:{}", shown(report.file), finding.place.line, finding.place.column);
  }
  out += "\n";
  out += fmt::format("          {}\n", shown(finding.message));
  if (!finding.fix.empty()) out += fmt::format("          fix: {}\n", shown(finding.fix));
}

}  // namespace

std::string as_text(Report report, TextStyle style) {
  put_in_order(report);
  std::string out = shown(report.title) + "\n\n";
  for (const ReportItem& item : report.items) append_item(out, item, style);
  if (!report.findings.empty()) out += fmt::format("{}{}\n", report.items.empty() ? "" : "\n", report.findings_title);
  for (const ReportFinding& finding : report.findings) append_finding(out, report, finding, style);
  if (!report.items.empty() || !report.findings.empty()) out += "\n";
  out += shown(report.summary) + "\n";
  for (const auto& [name, value] : report.facts) out += fmt::format("{} {}\n", name, shown(value));
  return out;
}

}  // namespace sluice::governance::interface
