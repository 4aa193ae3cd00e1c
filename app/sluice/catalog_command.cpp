// sluice catalog: what exists, whose it is, and looking again.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "platform/http/wire/target.h"
#include "sluice/command.h"
#include "sluice/connection.h"

namespace sluice::cli {
namespace {

struct Options {
  std::string environment;
  std::string owner;
  std::string tag;
  std::string subject;
  std::string text;
  std::string name;
  std::string format = "text";
  Connection connection;
};

std::string member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string line_of(const Json& topic) {
  return fmt::format("{:<8} {:<48} {:>5} × {}  {:<20} {}\n", member(topic, "env"), member(topic, "name"),
                     topic["partitions"].get<int>(), topic["replicationFactor"].get<int>(), member(topic, "owner"),
                     topic["tags"].is_array() ? fmt::to_string(fmt::join(topic["tags"].get<std::vector<std::string>>(), ","))
                                              : "");
}

std::string path_of(const Options& options, const std::string& after) {
  std::string path = "/v1/catalog/topics?limit=1000";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) path += fmt::format("&{}={}", name, http::wire::percent_encode(value));
  };
  add("env", options.environment);
  add("owner", options.owner);
  add("tag", options.tag);
  add("subject", options.subject);
  add("q", options.text);
  add("after", after);
  return path;
}

int list(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  for (std::string after;;) {
    auto page = client->call(http::Method::kGet, path_of(options, after));
    if (!page) return fail(io, page.error());
    for (Json& topic : (*page)["topics"]) {
      if (options.format == "json") {
        io.out << topic.dump() << "\n";
      } else {
        io.out << line_of(topic.contains("tags") ? topic : (topic["tags"] = Json(), topic));
      }
    }
    if (!(*page)["next"].is_string()) return kOk;
    after = (*page)["next"].get<std::string>();
  }
}

int show(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const std::string env = options.environment.empty() ? "" : "?env=" + http::wire::percent_encode(options.environment);
  const auto topic = client->call(http::Method::kGet, "/v1/topics/" + http::wire::percent_encode(options.name) + env);
  if (!topic) return fail(io, topic.error());
  io.out << topic->dump(2) << "\n";
  return kOk;
}

int sync(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const auto report = client->call(http::Method::kPost, "/v1/catalog/sync?env=" + http::wire::percent_encode(options.environment));
  if (!report) return fail(io, report.error());
  io.out << fmt::format("{}: {} topics, {} appeared, {} changed, {} gone\n", options.environment,
                        (*report)["topics"].get<std::int64_t>(), (*report)["appeared"].get<std::int64_t>(),
                        (*report)["changed"].get<std::int64_t>(), (*report)["gone"].get<std::int64_t>());
  return kOk;
}

using Action = int (*)(Io&, const Options&);

CLI::App* add_action(const Program& program, CLI::App& group, const char* name, const char* example, const char* help,
                     const std::shared_ptr<Options>& options, Action action) {
  CLI::App* command = group.add_subcommand(name, help);
  command->footer(fmt::format("Example:\n  sluice catalog {}", example));
  add_connection_options(*command, options->connection);
  command->callback([program, options, action] { program.exit_code = action(program.io, *options); });
  return command;
}

}  // namespace

void add_catalog(const Program& program) {
  CLI::App* group = program.app.add_subcommand("catalog", "What exists, and whose it is");
  group->footer("Examples:\n  sluice catalog list --env prod --owner team-commerce\n  sluice catalog sync --env prod");
  group->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* listed = add_action(program, *group, "list", "list --env prod --owner team-commerce",
                                "The topics that are known", options, list);
  listed->add_option("--env", options->environment, "Only this environment");
  listed->add_option("--owner", options->owner, "Only this owner's");
  listed->add_option("--tag", options->tag, "Only those with this tag");
  listed->add_option("--subject", options->subject, "The topic of this subject (…-value, …-key)");
  listed->add_option("-q,--query", options->text, "Part of name, doc or owner");
  listed->add_option("--format", options->format, "text, or json: one object a line")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  CLI::App* shown = add_action(program, *group, "show", "show prod.orders.created", "One topic as it is now",
                               options, show);
  shown->add_option("name", options->name, "The topic")->required();
  shown->add_option("--env", options->environment, "The environment, where the name does not say it");
  CLI::App* synced = add_action(program, *group, "sync", "sync --env prod", "Look at the cluster now", options, sync);
  synced->add_option("--env", options->environment, "The environment")->required();
}

}  // namespace sluice::cli
