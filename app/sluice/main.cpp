// The one program. Parses the command line, runs one command, returns its exit code.
#include <CLI/CLI.hpp>

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <iostream>

#include "platform/core/text.h"
#include "sluice/command.h"
#include "sluice/version.h"

namespace {

constexpr const char* kFooter = R"(Exit codes: 0 ok, 1 error, 2 usage, 3 changes present, 4 violations.

Examples:
  sluice serve --config sluice.yaml
  sluice plan -f batch.yaml
  sluice config check --config sluice.yaml
  sluice doctor --config sluice.yaml

The commands that talk to a server read SLUICE_URL and SLUICE_TOKEN.)";

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

// A slip of the hand where a command is due, by name: the parser says only that one is missing.
std::optional<std::string> unknown_command(const CLI::App& app) {
  const CLI::App* last = &app;
  while (!last->get_subcommands().empty()) last = last->get_subcommands().front();
  std::vector<std::string> known;
  for (const CLI::App* command : last->get_subcommands([](const CLI::App*) { return true; })) {
    known.push_back(command->get_name());
  }
  const std::vector<std::string> unread = last->remaining();
  if (known.empty() || unread.empty() || unread.front().starts_with('-')) return std::nullopt;
  const auto near = sluice::nearest(unread.front(), known);
  return "there is no command '" + sluice::printable(unread.front(), 60) + "'" +
         (near ? " (did you mean '" + *near + "'?)" : "");
}

int run(int argc, char** argv) {
  CLI::App app{"Sluice governs every change to Apache Kafka.", "sluice"};
  app.footer(kFooter);
  app.require_subcommand(1);
  app.set_version_flag("--version", sluice::version_string());
  app.set_help_all_flag("--help-all", "Help of every command");

  int exit_code = sluice::cli::kOk;
  sluice::cli::Io io{std::cout, std::cerr, isatty(STDOUT_FILENO) == 1, environment_variable};
  const sluice::cli::Program program{app, io, exit_code};
  sluice::cli::add_serve(program);
  sluice::cli::add_plan(program);
  sluice::cli::add_catalog(program);
  sluice::cli::add_import(program);
  sluice::cli::add_drift(program);
  sluice::cli::add_rollback(program);
  sluice::cli::add_apply(program);
  sluice::cli::add_policy(program);
  sluice::cli::add_config(program);
  sluice::cli::add_migrate(program);
  sluice::cli::add_token(program);
  sluice::cli::add_audit(program);
  sluice::cli::add_keys(program);
  sluice::cli::add_changes(program);
  sluice::cli::add_approve(program);
  sluice::cli::add_reject(program);
  sluice::cli::add_cancel(program);
  sluice::cli::add_approval(program);
  sluice::cli::add_notify(program);
  sluice::cli::add_doctor(program);
  sluice::cli::add_routes(program);
  sluice::cli::add_version(program);
  sluice::cli::add_completion(program);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const auto unknown = unknown_command(app); unknown && error.get_exit_code() != 0) {
      std::cerr << "sluice: " << *unknown << "\nRun with --help for the commands there are.\n";
      return sluice::cli::kUsage;
    }
    return app.exit(error) == 0 ? sluice::cli::kOk : sluice::cli::kUsage;
  }
  std::cout.flush();
  if (!std::cout) {
    std::cerr << "sluice: the output could not be written\n";
    return sluice::cli::kError;
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "sluice: internal error: " << failure.what() << "\n";
    return sluice::cli::kError;
  }
}
