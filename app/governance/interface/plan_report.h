// What a person reads of a plan: text for a terminal, Markdown for a pull request. Pure functions of
// the dry-run's JSON answer, so that the CLI shows exactly what the server said.
#pragma once

#include <cstddef>
#include <string>

#include "platform/core/json.h"

namespace sluice::governance::interface {

struct TextStyle {
  bool colour = false;
};

std::string plan_as_text(const Json& plan, TextStyle style);

// Code hosts refuse comments over 65,536 characters: what does not fit is cut between rows and the
// last line says how much is missing.
inline constexpr std::size_t kMarkdownLimit = 65'536;
std::string plan_as_markdown(const Json& plan, std::size_t limit = kMarkdownLimit);

// Exit codes of `sluice plan` (G30): 0 nothing to do, 3 changes or warnings, 4 a blocking violation.
int plan_exit_code(const Json& plan);

}  // namespace sluice::governance::interface
