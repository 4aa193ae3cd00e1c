// sluice apply: an approved change to the server, its progress, and what became of each topic.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <iostream>
#include <memory>

#include "governance/interface/apply/apply_report.h"
#include "governance/interface/report/places.h"
#include "platform/core/mutex.h"
#include "platform/core/text.h"
#include "platform/http/wire/target.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "sluice/approval_token.h"
#include "sluice/command.h"
#include "sluice/connection.h"
#include "sluice/input_file.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

constexpr std::chrono::milliseconds kLookAgain{500};

struct Options {
  std::string change;
  std::string token_file;
  std::string batch;
  std::string format = "text";
  bool no_wait = false;
  Connection connection;
};

struct Sent {
  std::string body;
  std::string_view content_type = "application/json";
  std::string batch;  // the file whose text the body is
  http::Headers headers;
};

// The server goes by the batch's own change: one that is not meant must not even be asked for. A text
// that can't be read is the server's to refuse.
Status require_change(const std::string& change, const Sent& sent) {
  const bool is_json = sent.content_type == "application/json";
  const auto document = is_json ? text::parse_json(sent.body) : text::parse_yaml(sent.body);
  const text::Node* named = document ? document->find("changeId") : nullptr;
  if (named == nullptr || named->spelling == change) return {};
  return Error{ErrorKind::kInvalid, "cli.change",
               fmt::format("The batch is change {}, not {}.", printable(named->spelling), printable(change)),
               "Name the change of the batch, or leave --file out.", {}};
}

Result<Sent> request_of(const Io& io, const Options& options) {
  SLUICE_TRY(const std::string token, read_approval_token(io, options.token_file));
  Sent sent;
  if (options.batch.empty()) {
    Json body{{"changeId", options.change}};
    if (!token.empty()) body["approvalToken"] = token;
    sent.body = body.dump();
    return sent;
  }
  sent.batch = options.batch;
  SLUICE_TRY(sent.body, read_input(options.batch));
  sent.content_type = content_type_of(options.batch);
  SLUICE_CHECK(require_change(options.change, sent));
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
    SLUICE_TRY(const Json story, client.call(http::Method::kGet, "/v1/changes/" + http::wire::percent_encode(change)));
    const Json now = story.value("execution", Json::object());
    execution.update(now);
  }
  show_progress(io, execution);
  if (io.out_is_terminal) io.err << "\n";
  return execution;
}

// What forbids an apply is told apart from what went wrong.
int refused(Io& io, const Options& options, const Error& error) {
  fail_in(io, options.format, "apply", options.batch, error);
  return governance::interface::is_apply_refusal(error.code) ? kViolations : kError;
}

// The plan that was applied, for the replicas that it moves. Without it the report has all the rest.
Json plan_of(Io& io, const ApiClient& client, const Json& execution) {
  auto plan = client.call(http::Method::kGet,
                          fmt::format("/v1/topics/plan/{}?revision={}", http::wire::percent_encode(execution.value("changeId", "")),
                                      execution.value("revision", std::int64_t{0})));
  if (plan) return std::move(*plan);
  io.err << "sluice: which replicas move is not shown: " << plan.error().message << "\n";
  return {};
}

void print(Io& io, const ApiClient& client, const Options& options, const Sent& sent, const Json& execution) {
  auto report = governance::interface::report_of_apply(execution, plan_of(io, client, execution));
  if (!sent.batch.empty() && sent.batch != "-") governance::interface::add_places(report, sent.batch, sent.body);
  io.out << rendered(io, options.format, std::move(report), execution);
}

int run(Io& io, const Options& options) {
  const auto sent = request_of(io, options);
  if (!sent) return fail_in(io, options.format, "apply", options.batch, sent.error());
  const auto client = connect(io, options.connection);
  if (!client) return fail_in(io, options.format, "apply", options.batch, client.error());
  auto execution = client->call(http::Method::kPost, "/v1/topics/batch/apply", sent->body, sent->content_type,
                                sent->headers);
  if (!execution) return refused(io, options, execution.error());
  if (!options.no_wait) execution = follow(io, *client, std::move(*execution));
  if (!execution) return fail(io, execution.error());
  print(io, *client, options, *sent, *execution);
  return governance::interface::apply_exit_code(*execution);
}

}  // namespace

void add_apply(const Program& program) {
  CLI::App* command = program.app.add_subcommand("apply", "Apply an approved change, and say what became of each topic");
  command->footer(
      "Exit code: 0 applied, or nothing left to do; 1 an error, or not everything was applied; 2 usage;\n"
      "3 still under way (--no-wait); 4 refused: stale, not approved, violations, mode, or held by another change.\n"
      "Reads SLUICE_URL and SLUICE_TOKEN.\n\n"
      "Examples:\n"
      "  sluice apply OPS-7\n"
      "  sluice apply OPS-7 --approval-token-file token\n"
      "  sluice apply OPS-7 -f topics.yaml      # only if this is the document that was approved\n"
      "  sluice apply OPS-7 --format markdown > comment.md");
  auto options = std::make_shared<Options>();
  command->add_option("change", options->change, "The change's id")->required();
  add_approval_token_option(*command, options->token_file);
  command->add_option("-f,--file", options->batch, "The batch: refused unless it is the one that was approved");
  add_format_option(*command, options->format);
  command->add_flag("--no-wait", options->no_wait, "Return once the apply runs");
  add_connection_options(*command, options->connection);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
