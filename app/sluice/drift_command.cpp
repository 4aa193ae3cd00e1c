// sluice drift: the cluster against what was last declared.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "governance/interface/drift/drift_report.h"
#include "platform/http/wire/target.h"
#include "sluice/command.h"
#include "sluice/connection.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

struct Options {
  std::string environment;
  bool unmanaged = false;
  std::string format = "text";
  Connection connection;
};

int run(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail_in(io, options.format, "drift", "", client.error());
  const auto drift = client->call(http::Method::kGet, fmt::format("/v1/drift?env={}&unmanaged={}",
                                                                  http::wire::percent_encode(options.environment),
                                                                  options.unmanaged));
  if (!drift) return fail_in(io, options.format, "drift", "", drift.error());
  io.out << rendered(io, options.format, governance::interface::report_of_drift(*drift), *drift);
  return (*drift)["drifted"].empty() ? kOk : kChanges;
}

}  // namespace

void add_drift(const Program& program) {
  CLI::App* command = program.app.add_subcommand("drift", "Where the cluster is not as it was last declared");
  command->footer(
      "Exit code: 0 no drift, 3 drift, 1 error (also when it could not be checked).\n\n"
      "Examples:\n"
      "  sluice drift --env prod\n"
      "  sluice drift --env prod --unmanaged --format markdown");
  auto options = std::make_shared<Options>();
  command->add_option("--env", options->environment, "The environment")->required();
  command->add_flag("--unmanaged", options->unmanaged, "Also list topics and settings that nobody declared");
  add_format_option(*command, options->format);
  add_connection_options(*command, options->connection);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
