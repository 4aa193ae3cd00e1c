// sluice rollback: plans what takes an applied change back.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "governance/interface/plan_report.h"
#include "platform/http/wire/target.h"
#include "sluice/command.h"
#include "sluice/connection.h"

namespace sluice::cli {
namespace {

struct Options {
  std::string change;
  std::string format = "text";
  Connection connection;
};

std::string as_text(const Json& rollback) {
  std::string text = fmt::format("Rollback of {}, revision {}\n", rollback["undoes"].get<std::string>(),
                                 rollback["revision"].get<std::int64_t>());
  for (const Json& item : rollback["items"]) {
    text += fmt::format("  {:<10}  {} {}\n", item["fidelity"].get<std::string>(), item["undoes"].get<std::string>(),
                        item["name"].get<std::string>());
    for (const Json& reason : item["reasons"]) text += fmt::format("              {}\n", reason.get<std::string>());
  }
  if (rollback["plan"].is_null()) return text + "Nothing can be or has to be taken back: no plan was made.\n";
  if (governance::interface::plan_exit_code(rollback["plan"]) == kOk) {
    return text + "All that can be taken back is back already: there is nothing to apply.\n";
  }
  return text + fmt::format("Planned as {}: approve and apply it like any other change.\n",
                            rollback["changeId"].get<std::string>());
}

int run(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const auto rollback = client->call(
      http::Method::kPost, fmt::format("/v1/changes/{}/rollback-plan", http::wire::percent_encode(options.change)));
  if (!rollback) return fail(io, rollback.error());
  io.out << (options.format == "json" ? rollback->dump(2) + "\n" : as_text(*rollback));
  const Json& plan = (*rollback)["plan"];
  return plan.is_null() ? kOk : governance::interface::plan_exit_code(plan);
}

}  // namespace

void add_rollback(const Program& program) {
  CLI::App* command = program.app.add_subcommand("rollback", "Plan what takes an applied change back");
  command->footer(
      "Changes nothing: the inverse batch is planned under <change>.rollback-<n>, to be approved and applied.\n"
      "Exit code: 0 nothing to take back, 3 planned, 4 planned with a blocking violation, 1 error.\n\n"
      "Example:\n"
      "  sluice rollback 2025-09-25_001");
  auto options = std::make_shared<Options>();
  command->add_option("change", options->change, "The change that was applied")->required();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  add_connection_options(*command, options->connection);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
