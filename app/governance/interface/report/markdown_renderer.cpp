#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "governance/interface/report/render.h"
#include "platform/core/text.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kMostCell = 1'000;        // one monstrous value must not hide all other rows
constexpr std::size_t kRoomForLastLine = 200;
constexpr std::string_view kSpecial = "\\`*[]<>|~&";

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

// Nothing that others wrote may break the table, make a link, or call somebody by @name.
std::string escaped(std::string whole) {
  std::replace_if(whole.begin(), whole.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  const std::string text = printable(whole, kMostCell);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool after_word = i > 0 && is_word(text[i - 1]);
    const bool before_word = i + 1 < text.size() && is_word(text[i + 1]);
    const bool emphasis = c == '_' && !(after_word && before_word);
    if (emphasis || kSpecial.find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
    if (c == '@' && !after_word) out += "\u200b";  // no mention: an invisible space
  }
  return out;
}

std::string item_row(const ReportItem& item) {
  std::string details;
  const auto add = [&](const std::string& text) {
    if (details.size() > 2 * kMostCell) return;
    details += (details.empty() ? "" : "<br>") + text;
  };
  for (const ReportField& field : item.fields) add(escaped(field.name + ": " + field.text));
  if (!item.note.empty()) add(escaped(item.note));
  return fmt::format("| {} | {} | {} |\n", escaped(item.action), escaped(item.name), details);
}

std::string finding_row(const Report& report, const ReportFinding& finding) {
  return fmt::format("| {} | {} | {} | {} | {} |\n",
                     escaped(report.level_words[static_cast<std::size_t>(finding.level)]), escaped(finding.rule),
                     escaped(finding.name), escaped(finding.message), escaped(finding.fix));
}

bool is_unchanged(const ReportItem& item) { return item.action == "NONE" && item.fields.empty() && item.note.empty(); }

// Rows as long as they fit; what no longer fits is counted, and nothing is cut inside a row.
class Page {
 public:
  Page(std::string head, std::size_t limit) : text_(std::move(head)), limit_(limit) {}

  void begin_table(std::string_view head) {
    table_head_ = head;
    headed_ = false;
  }
  // False when it is left out.
  bool add_row(const std::string& row) {
    const std::string whole = (headed_ ? "" : table_head_) + row;
    if (text_.size() + whole.size() + 1 + kRoomForLastLine > limit_) return false;
    text_ += whole;
    headed_ = true;
    return true;
  }
  void end_table() {
    if (headed_) text_ += "\n";
  }
  std::string finish(const std::string& last_line) && { return std::move(text_) + last_line; }

 private:
  std::string text_;
  std::size_t limit_;
  std::string table_head_;
  bool headed_ = false;
};

struct LeftOut {
  std::size_t findings = 0;
  std::size_t items = 0;
};

std::string last_line(const LeftOut& left_out, const Report& report) {
  if (left_out.findings + left_out.items == 0) return "";
  return fmt::format("{} of {} findings and {} of {} items do not fit here; `--format json` has them all.\n",
                     left_out.findings, report.findings.size(), left_out.items, report.items.size());
}

std::string head_of(const Report& report) {
  std::string out = fmt::format("### {}\n\n{}\n\n", escaped(report.title), escaped(report.summary));
  for (const auto& [name, value] : report.facts) out += fmt::format("{}: {}\n\n", escaped(name), escaped(value));
  return out;
}

}  // namespace

std::string as_markdown(Report report, std::size_t limit) {
  put_in_order(report);
  Page page(head_of(report), limit);
  LeftOut left_out;
  // Findings first: when something must be left out, it is not the reason for a refusal.
  page.begin_table("| Level | Rule | Name | What | How to mend |\n|---|---|---|---|---|\n");
  for (const ReportFinding& finding : report.findings) {
    if (left_out.findings > 0 || !page.add_row(finding_row(report, finding))) ++left_out.findings;
  }
  page.end_table();
  page.begin_table("| Action | Name | Details |\n|---|---|---|\n");
  for (const ReportItem& item : report.items) {
    if (is_unchanged(item)) continue;
    if (left_out.items > 0 || !page.add_row(item_row(item))) ++left_out.items;
  }
  page.end_table();
  return std::move(page).finish(last_line(left_out, report));
}

}  // namespace sluice::governance::interface
