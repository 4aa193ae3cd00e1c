#include "sluice/command.h"

#include <fmt/format.h>

#include <ostream>

namespace sluice::cli {
namespace {

std::string describe(const Problem& problem) {
  std::string line = "  ";
  if (problem.line > 0) line += fmt::format("line {}, column {}: ", problem.line, problem.column);
  if (!problem.field.empty()) line += problem.field + ": ";
  line += problem.message;
  if (!problem.rule.empty()) line += fmt::format(" [{}]", problem.rule);
  if (!problem.fix.empty()) line += fmt::format("\n      fix: {}", problem.fix);
  return line;
}

}  // namespace

int fail(Io& io, const Error& error) {
  io.err << "sluice: " << error.message << " [" << error.code << "]\n";
  for (const Problem& problem : error.problems) io.err << describe(problem) << "\n";
  if (!error.fix.empty()) io.err << "  " << error.fix << "\n";
  return kError;
}

}  // namespace sluice::cli
