// sluice plan: a batch file to the server's dry-run, and its answer for people and pipelines.
#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

#include "governance/interface/plan_report.h"
#include "governance/interface/report/places.h"
#include "sluice/command.h"
#include "sluice/connection.h"
#include "sluice/input_file.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

struct Options {
  std::string file;
  std::string format = "text";
  Connection connection;
};

int run(Io& io, const Options& options) {
  const auto batch = read_input(options.file);
  if (!batch) return fail_in(io, options.format, "plan", options.file, batch.error());
  const auto client = connect(io, options.connection);
  if (!client) return fail_in(io, options.format, "plan", options.file, client.error());
  const auto plan = client->call(http::Method::kPost, "/v1/topics/batch/dry-run", *batch,
                                 content_type_of(options.file));
  if (!plan) return fail_in(io, options.format, "plan", options.file, plan.error());
  auto report = governance::interface::report_of_plan(*plan);
  if (options.file != "-") governance::interface::add_places(report, options.file, *batch);
  io.out << rendered(io, options.format, std::move(report), *plan);
  return governance::interface::plan_exit_code(*plan);
}

}  // namespace

void add_plan(const Program& program) {
  CLI::App* command = program.app.add_subcommand("plan", "Dry-run a topic batch: what would change, and what rules say");
  command->footer(
      "Exit code: 0 nothing to do, 3 changes or warnings, 4 a blocking violation, 1 error.\n"
      "Reads SLUICE_URL and SLUICE_TOKEN.\n\n"
      "Examples:\n"
      "  sluice plan -f topics.yaml\n"
      "  sluice plan -f topics.yaml --format markdown > comment.md\n"
      "  sluice plan -f topics.yaml --format sarif > plan.sarif\n"
      "  render.sh | sluice plan -f - --format json\n"
      "  sluice plan -f topics.yaml --direct --config sluice.yaml    # no server needed");
  auto options = std::make_shared<Options>();
  command->add_option("-f,--file", options->file, "The batch, YAML or JSON; - for standard input")->required();
  add_format_option(*command, options->format);
  add_connection_options(*command, options->connection);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
