#include "sluice/report_output.h"

#include <CLI/CLI.hpp>

#include "governance/interface/report/render.h"

namespace sluice::cli {

void add_format_option(CLI::App& command, std::string& format) {
  command.add_option("--format", format, "text, json, markdown, junit or sarif")
      ->check(CLI::IsMember({"text", "json", "markdown", "junit", "sarif"}))
      ->capture_default_str();
}

std::string rendered(const Io& io, const std::string& format, governance::interface::Report report,
                     const Json& document) {
  using namespace governance::interface;
  if (format == "json") return as_json(document);
  if (format == "markdown") return as_markdown(std::move(report));
  if (format == "junit") return as_junit(std::move(report));
  if (format == "sarif") return as_sarif(std::move(report));
  return as_text(std::move(report), {.colour = io.out_is_terminal && !io.environment("NO_COLOR")});
}

}  // namespace sluice::cli
