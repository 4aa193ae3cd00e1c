// One renderer per report format. Pure functions of a Report: the same result gives the same bytes,
// whatever order its items came in. Names and messages may come from anybody; each renderer escapes
// them for its format.
#pragma once

#include <cstddef>
#include <string>

#include "governance/interface/report/report.h"
#include "platform/core/json.h"

namespace sluice::governance::interface {

struct TextStyle {
  bool colour = false;
};

// For a terminal.
std::string as_text(Report report, TextStyle style = {});

// For a pull request. Code hosts refuse comments over 65,536 characters: what does not fit is left out
// between rows, findings last, and the last line says how much is missing. Unchanged items are only
// counted.
inline constexpr std::size_t kMarkdownLimit = 65'536;
std::string as_markdown(Report report, std::size_t limit = kMarkdownLimit);

// JUnit's XML: one test case an item, failed when an error-level finding names it.
std::string as_junit(Report report);

// SARIF 2.1.0: one result a finding, at its line and column of report.file.
std::string as_sarif(Report report);

// The server's own answer; lists whose elements all have a name are put in the order of the names.
std::string as_json(Json document);

}  // namespace sluice::governance::interface
