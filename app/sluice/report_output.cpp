#include "sluice/report_output.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <ostream>

#include "governance/interface/report/render.h"

namespace sluice::cli {
namespace {

governance::interface::Report refusal_report(std::string kind, const std::string& file, const Error& error) {
  governance::interface::Report report;
  report.kind = std::move(kind);
  report.title = error.message;
  report.findings_title = "Problems";
  report.file = file == "-" ? "" : file;
  report.summary = fmt::format("Refused: {}.", error.code);
  for (const Problem& problem : error.problems) {
    report.findings.push_back({governance::interface::Level::kError, fmt::format("{}.{}", error.code, problem.rule), "",
                               problem.field, problem.message, problem.fix, {problem.line, problem.column}});
  }
  if (error.problems.empty()) {
    report.findings.push_back(
        {governance::interface::Level::kError, error.code, "", "", error.message, error.fix, {}});
  }
  return report;
}

Json refusal_json(const Error& error) {
  Json json{{"code", error.code}, {"detail", error.message}, {"fix", error.fix}, {"problems", Json::array()}};
  for (const Problem& problem : error.problems) json["problems"].push_back(problem_json(problem));
  return json;
}

}  // namespace

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

Json problem_json(const Problem& problem) {
  return {{"field", problem.field}, {"rule", problem.rule}, {"message", problem.message},
          {"fix", problem.fix},     {"line", problem.line}, {"column", problem.column}};
}

int fail_in(Io& io, const std::string& format, std::string kind, const std::string& file, const Error& error) {
  if (format != "text") io.out << rendered(io, format, refusal_report(std::move(kind), file, error), refusal_json(error));
  if (!error.problems.empty() && !file.empty()) io.err << file << ":\n";
  return fail(io, error);
}

}  // namespace sluice::cli
