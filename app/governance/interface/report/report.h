// What any command found, in the one shape that every report format is rendered from (render.h): the
// things looked at and what is wrong with them. Each result (plan, apply, drift, policy, audit) maps
// into it; nothing else knows formats. Plain data.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::governance::interface {

enum class Level : std::uint8_t { kNote, kWarning, kError };

// 1-based, columns in characters; 0 where there is no text.
struct ReportPlace {
  int line = 0;
  int column = 0;
};

struct ReportField {
  std::string name = {};  // "partitions", "retention.ms"
  std::string text = {};  // "8 → 12", "declared 7d, live 30d"
};

struct ReportItem {
  std::string name = {};    // the topic, unique in its report
  std::string action = {};  // upper case: "CREATE", "NONE", "APPLIED", "DRIFTED"
  std::vector<ReportField> fields = {};
  std::string note = {};
};

struct ReportFinding {
  Level level = Level::kError;
  std::string rule = {};   // stable: "guardrail.retention", "drift.config", "apply.stale"
  std::string name = {};   // whose: an item's, or another
  std::string field = {};  // "partitions", a config key; may be empty
  std::string message = {};
  std::string fix = {};  // may be empty
  ReportPlace place = {};
};

struct Report {
  std::string kind;      // "plan", "apply", "drift", "policy", "audit"
  std::string title;     // "Plan of change X for prod, revision 2"
  std::string findings_title = "Findings";
  std::array<std::string, 3> level_words{"note", "warn", "error"};  // of Level, for people
  std::vector<ReportItem> items;
  std::vector<ReportFinding> findings;
  std::string summary;  // one line with the counts
  std::vector<std::pair<std::string, std::string>> facts;  // shown last: {"digest", "9f…"}
  std::string file;  // what the findings' places are in, as the caller named it; empty = no text
};

// "1 record", "2 records"
std::string counted(std::int64_t number, std::string_view singular);

// Items by name; findings gravest first, then by name, rule, field and message. Every renderer does it:
// the same result gives the same bytes whatever order it came in.
void put_in_order(Report& report);

}  // namespace sluice::governance::interface
