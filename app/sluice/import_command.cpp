// sluice import: an existing cluster as batch files, each of at most 1,000 topics.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "platform/http/wire/target.h"
#include "sluice/command.h"
#include "sluice/connection.h"

namespace sluice::cli {
namespace {

struct Options {
  std::string environment;
  std::string names;
  std::string folder;
  Connection connection;
};

Error unwritable(const std::string& path) {
  return {ErrorKind::kInvalid, "cli.file", fmt::format("'{}' can't be written.", path),
          "Name a folder that you may write to with --out.", {}};
}

Status write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file.good() ? Status() : Status(unwritable(path));
}

Result<Json> fetch(const ApiClient& client, const Options& options, const std::string& change, const std::string& after) {
  return client.call(http::Method::kGet,
                     fmt::format("/v1/catalog/export?env={}&names={}&changeId={}&after={}",
                                 http::wire::percent_encode(options.environment), http::wire::percent_encode(options.names),
                                 http::wire::percent_encode(change), http::wire::percent_encode(after)));
}

Result<std::int64_t> import_all(Io& io, const ApiClient& client, const Options& options) {
  std::error_code failure;
  std::filesystem::create_directories(options.folder, failure);
  if (failure) return unwritable(options.folder);
  std::string after;
  std::int64_t topics = 0;
  for (int file = 1;; ++file) {
    const std::string change = fmt::format("import-{}-{:03}", options.environment, file);
    SLUICE_TRY(const Json page, fetch(client, options, change, after));
    if (page["batch"].is_string()) {
      const std::string path = fmt::format("{}/{}.yaml", options.folder, change);
      SLUICE_CHECK(write(path, page["batch"].get<std::string>()));
      io.out << fmt::format("{}: {} topics\n", path, page["items"].get<std::int64_t>());
      topics += page["items"].get<std::int64_t>();
    }
    if (!page["next"].is_string()) return topics;
    after = page["next"].get<std::string>();
  }
}

int run(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const auto topics = import_all(io, *client, options);
  if (!topics) return fail(io, topics.error());
  if (*topics == 0) io.out << "No topic has such a name.\n";
  return kOk;
}

}  // namespace

void add_import(const Program& program) {
  CLI::App* command = program.app.add_subcommand("import", "Write the batches that declare what exists");
  command->footer(
      "Changes nothing on the cluster. `sluice plan` on the files finds nothing to do; applying them adopts\n"
      "the topics: from then on drift is told.\n\n"
      "Example:\n"
      "  sluice import --env prod --names 'prod.*' --out topics/");
  auto options = std::make_shared<Options>();
  command->add_option("--env", options->environment, "The environment")->required();
  command->add_option("--names", options->names, "Only topics of this pattern; * stands for anything");
  command->add_option("--out", options->folder, "The folder for the files, made if need be")->required();
  add_connection_options(*command, options->connection);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
