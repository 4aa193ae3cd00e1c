// sluice routes: what this binary serves, for people and for the test that compares it with the
// OpenAPI document. Nothing is connected.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <ostream>

#include "sluice/configuration.h"
#include "sluice/service.h"

namespace sluice::cli {
namespace {

Json to_json(const http::Route& route) {
  Json json{{"method", http::to_string(route.method)},
            {"path", route.pattern},
            {"operationId", route.operation_id},
            {"role", route.access && route.access->role ? Json(auth::to_string(*route.access->role)) : Json()}};
  json["contentTypes"] = route.content_types;
  return json;
}

std::string line_of(const Json& route) {
  return fmt::format("{:<7} {:<36} {}\n", route["method"].get<std::string>(), route["path"].get<std::string>(),
                     route["role"].is_null() ? "public" : route["role"].get<std::string>());
}

int run(Io& io, const std::string& option, bool as_json) {
  auto config = load_config(io, option);
  if (!config) return fail_config(io, config_path(io, option), config.error());
  // A SQLite file would be made and locked at once; a pool connects only when it is used.
  if (!config->database.is_postgres()) config->database.url = "postgresql://127.0.0.1/unused";
  const SystemClock clock;
  const auto service = Service::build(*config, log::Logger::discard(), clock);
  if (!service) return fail(io, service.error());
  Json routes = Json::array();
  for (const auto& route : (*service)->router().routes()) routes.push_back(to_json(*route));
  if (as_json) {
    io.out << routes.dump(2) << "\n";
  } else {
    for (const Json& route : routes) io.out << line_of(route);
  }
  return kOk;
}

}  // namespace

void add_routes(const Program& program) {
  CLI::App* command = program.app.add_subcommand("routes", "List the HTTP routes that this configuration serves");
  command->footer("Example:\n  sluice routes --json --config sluice.yaml");
  auto path = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  add_config_option(*command, *path);
  command->add_flag("--json", *as_json, "As JSON");
  command->callback([program, path, as_json] { program.exit_code = run(program.io, *path, *as_json); });
}

}  // namespace sluice::cli
