// sluice apply: an approved change to the server, its progress, and what became of each topic.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "governance/interface/apply/apply_report.h"
#include "platform/core/mutex.h"
#include "platform/core/text.h"
#include "sluice/command.h"
#include "sluice/connection.h"

namespace sluice::cli {
namespace {

constexpr std::size_t kLargestFile = 1024 * 1024;
constexpr std::chrono::milliseconds kLookAgain{500};

struct Options {
  std::string change;
  std::string token_file;
  std::string batch;
  std::string format = "text";
  bool no_wait = false;
  Connection connection;
};

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text(kLargestFile + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.is_open() && !in.bad() && text.size() <= kLargestFile) return text;
  return Error{ErrorKind::kInvalid, "cli.file", fmt::format("'{}' can't be read, or is larger than 1 MiB.", path), "", {}};
}

// A token in the arguments would be seen by everybody on the machine: a file, or the environment.
Result<std::string> read_token(const Io& io, const Options& options) {
  if (options.token_file.empty()) return io.environment("SLUICE_APPROVAL_TOKEN").value_or("");
  SLUICE_TRY(const std::string text, read_file(options.token_file));
  return std::string(trim(text));
}

struct Sent {
  std::string body;
  std::string content_type = "application/json";
  http::Headers headers;
};

Result<Sent> request_of(const Io& io, const Options& options) {
  SLUICE_TRY(const std::string token, read_token(io, options));
  Sent sent;
  if (options.batch.empty()) {
    Json body{{"changeId", options.change}};
    if (!token.empty()) body["approvalToken"] = token;
    sent.body = body.dump();
    return sent;
  }
  SLUICE_TRY(sent.body, read_file(options.batch));
  if (!options.batch.ends_with(".json")) sent.content_type = "application/yaml";
  if (!token.empty()) sent.headers.set("x-approval-token", token);
  return sent;
}

void pause(std::chrono::milliseconds wait) {
  Mutex mutex;
  ConditionVariable never;
  const Deadline until = Deadline::after(wait);
  MutexLock lock(mutex);
  while (!until.expired()) never.wait_until(mutex, until);
}

bool is_under_way(const Json& execution) { return execution.value("state", "") == "RUNNING"; }

// A bar on a terminal, nothing in a pipeline's log.
void show_progress(Io& io, const Json& execution) {
  if (io.out_is_terminal) io.err << "\r" << governance::interface::progress_bar(execution) << std::flush;
}

// Until it is over. The story of the change holds the same execution.
Result<Json> follow(Io& io, const ApiClient& client, Json execution) {
  const std::string change = execution.value("changeId", "");
  while (is_under_way(execution)) {
    show_progress(io, execution);
    pause(kLookAgain);
    SLUICE_TRY(const Json story, client.call(http::Method::kGet, "/v1/changes/" + change));
    const Json now = story.value("execution", Json::object());
    execution.update(now);
  }
  show_progress(io, execution);
  if (io.out_is_terminal) io.err << "\n";
  return execution;
}

// What forbids an apply is told apart from what went wrong.
int refused(Io& io, const Error& error) {
  fail(io, error);
  return governance::interface::is_apply_refusal(error.code) ? kViolations : kError;
}

int run(Io& io, const Options& options) {
  const auto sent = request_of(io, options);
  if (!sent) return fail(io, sent.error());
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  auto execution = client->call(http::Method::kPost, "/v1/topics/batch/apply", sent->body, sent->content_type,
                                sent->headers);
  if (!execution) return refused(io, execution.error());
  if (!options.change.empty() && execution->value("changeId", "") != options.change) {
    return fail(io, {ErrorKind::kInvalid, "cli.change", "The batch belongs to another change than the one named.", "", {}});
  }
  if (!options.no_wait) execution = follow(io, *client, std::move(*execution));
  if (!execution) return fail(io, execution.error());
  io.out << governance::interface::apply_report(*execution, options.format);
  return governance::interface::apply_exit_code(*execution);
}

}  // namespace

void add_apply(const Program& program) {
  CLI::App* command = program.app.add_subcommand("apply", "Apply an approved change, and say what became of each topic");
  command->footer(
      "Exit code: 0 applied, or nothing left to do; 1 an error, or not everything was applied; 2 usage;\n"
      "3 still under way (--no-wait); 4 refused: stale, not approved, violations, mode, or held by another change.\n"
      "The approval token, where one is needed, comes from --approval-token-file or SLUICE_APPROVAL_TOKEN.\n\n"
      "Examples:\n"
      "  sluice apply OPS-7\n"
      "  sluice apply OPS-7 --approval-token-file token\n"
      "  sluice apply OPS-7 -f topics.yaml      # only if this is the document that was approved\n"
      "  sluice apply OPS-7 --format markdown > comment.md");
  auto options = std::make_shared<Options>();
  command->add_option("change", options->change, "The change's id")->required();
  command->add_option("--approval-token-file", options->token_file, "A file that holds the approval token");
  command->add_option("-f,--file", options->batch, "The batch: refused unless it is the one that was approved");
  command->add_option("--format", options->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}))
      ->capture_default_str();
  command->add_flag("--no-wait", options->no_wait, "Return once the apply runs");
  add_connection_options(*command, options->connection);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
