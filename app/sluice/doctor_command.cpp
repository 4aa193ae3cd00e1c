#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <ostream>

#include "sluice/configuration.h"
#include "sluice/doctor.h"

namespace sluice::cli {
namespace {

const char* mark_of(Finding::State state) {
  switch (state) {
    case Finding::State::kOk: return "ok     ";
    case Finding::State::kWarning: return "warning";
    case Finding::State::kFailed: return "FAILED ";
  }
  return "";
}

int run(Io& io, const std::string& option) {
  const std::string path = config_path(io, option);
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, path, config.error());
  io.out << fmt::format("ok       {:<18} {}\n", "config", path.empty() ? "defaults and environment" : path);
  bool failed = false;
  for (const Finding& finding : examine(*config)) {
    failed = failed || finding.state == Finding::State::kFailed;
    io.out << fmt::format("{}  {:<18} {}\n", mark_of(finding.state), finding.check, finding.saw);
    if (!finding.fix.empty()) io.out << fmt::format("         {:<18} fix: {}\n", "", finding.fix);
  }
  return failed ? kError : kOk;
}

}  // namespace

void add_doctor(const Program& program) {
  CLI::App* command = program.app.add_subcommand(
      "doctor", "Check configuration, policies, database, Kafka, clock and permissions, and say how to mend each");
  command->footer("Changes nothing. Exit code 1 when something is broken.\n\nExample:\n  sluice doctor --config sluice.yaml");
  auto path = std::make_shared<std::string>();
  add_config_option(*command, *path);
  command->callback([program, path] { program.exit_code = run(program.io, *path); });
}

}  // namespace sluice::cli
