// sluice config check | print | schema
#include <CLI/CLI.hpp>

#include <ostream>

#include "platform/config/presentation.h"
#include "platform/kafka/client_config.h"
#include "sluice/configuration.h"
#include "sluice/kafka_properties.h"

namespace sluice::cli {
namespace {

// Kafka properties are librdkafka's to judge; nothing is connected.
Status check_kafka(const config::Config& config) {
  return kafka::check_properties(kafka::ClientKind::kAdmin, kafka_properties(config.kafka));
}

int check(Io& io, const std::string& option) {
  const std::string path = config_path(io, option);
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, path, config.error());
  if (const auto kafka = check_kafka(*config); !kafka) return fail(io, kafka.error());
  for (const Problem& warning : config->warnings) {
    io.err << "warning: " << warning.field << ": " << warning.message << "\n";
  }
  io.out << (path.empty() ? "defaults and environment" : path) << ": ok\n";
  return kOk;
}

int print(Io& io, const std::string& option) {
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, config_path(io, option), config.error());
  io.out << config::print(*config);
  return kOk;
}

}  // namespace

void add_config(const Program& program) {
  CLI::App* group = program.app.add_subcommand("config", "Check, print or describe the configuration");
  group->footer("Example:\n  sluice config check --config sluice.yaml");
  group->require_subcommand(1);
  auto path = std::make_shared<std::string>();

  CLI::App* checked = group->add_subcommand("check", "Say what is wrong with the configuration, with line and column");
  checked->footer("Example:\n  sluice config check --config sluice.yaml");
  add_config_option(*checked, *path);
  checked->callback([program, path] { program.exit_code = check(program.io, *path); });

  CLI::App* printed = group->add_subcommand("print", "Print every key with the value in force, secrets masked");
  printed->footer("Example:\n  sluice config print --config sluice.yaml");
  add_config_option(*printed, *path);
  printed->callback([program, path] { program.exit_code = print(program.io, *path); });

  CLI::App* schema = group->add_subcommand("schema", "Print the JSON Schema of the configuration, for editors");
  schema->footer("Example:\n  sluice config schema > sluice.schema.json");
  schema->callback([program] { program.io.out << config::schema().dump(2) << "\n"; });
}

}  // namespace sluice::cli
