#include <fmt/format.h>

#include <map>
#include <string_view>
#include <vector>

#include "governance/interface/report/render.h"

namespace sluice::governance::interface {
namespace {

using Findings = std::vector<const ReportFinding*>;

// XML 1.0 holds neither most control characters nor U+FFFE and U+FFFF, escaped or not.
bool is_not_a_character(std::string_view three_bytes) {
  return three_bytes == "\xef\xbf\xbe" || three_bytes == "\xef\xbf\xbf";
}

std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n' || c == '\t' || c == '\r') {
      out += fmt::format("&#{};", static_cast<int>(byte));  // attributes would turn them into spaces
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\ufffd";
    } else if (is_not_a_character(text.substr(i, 3))) {
      out += "\ufffd";
      i += 2;
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string line_of(const ReportFinding& finding) {
  std::string line = finding.message;
  if (!finding.field.empty()) line = fmt::format("[{}] {}", finding.field, line);
  if (!finding.fix.empty()) line += "\nfix: " + finding.fix;
  return line;
}

void append_case(std::string& out, const Report& report, std::string_view name, const Findings& findings) {
  out += fmt::format("    <testcase classname=\"sluice.{}\" name=\"{}\"", xml(report.kind), xml(name));
  if (findings.empty()) {
    out += "/>\n";
    return;
  }
  out += ">\n";
  std::string mild;
  for (const ReportFinding* finding : findings) {
    if (finding->level == Level::kError) {
      out += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", xml(finding->rule),
                         xml(finding->message), xml(line_of(*finding)));
    } else {
      mild += fmt::format("{} {}: {}\n", report.level_words[static_cast<std::size_t>(finding->level)], finding->rule,
                          line_of(*finding));
    }
  }
  if (!mild.empty()) out += fmt::format("      <system-out>{}</system-out>\n", xml(mild));
  out += "    </testcase>\n";
}

bool has_failed(const Findings& findings) {
  for (const ReportFinding* finding : findings) {
    if (finding->level == Level::kError) return true;
  }
  return false;
}

}  // namespace

std::string as_junit(Report report) {
  put_in_order(report);
  std::map<std::string_view, Findings> cases;
  for (const ReportItem& item : report.items) cases[item.name];
  for (const ReportFinding& finding : report.findings) cases[finding.name].push_back(&finding);
  std::size_t failures = 0;
  std::string body;
  for (const auto& [name, findings] : cases) {
    if (has_failed(findings)) ++failures;
    append_case(body, report, name, findings);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"{1}\" failures=\"{2}\" errors=\"0\">\n"
      "  <testsuite name=\"{0}\" tests=\"{1}\" failures=\"{2}\" errors=\"0\" skipped=\"0\">\n{3}"
      "  </testsuite>\n</testsuites>\n",
      // Not the title: a plan's has its revision, which is another on every run.
      "sluice " + xml(report.kind), cases.size(), failures, body);
}

}  // namespace sluice::governance::interface
