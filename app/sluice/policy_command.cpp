// sluice policy get | put | apply | diff | history | preview | test: the policy document of a server,
// and one that is still a file.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <memory>
#include <ostream>

#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/policies/policy_report.h"
#include "governance/interface/report/places.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "sluice/approval_token.h"
#include "sluice/command.h"
#include "sluice/connection.h"
#include "sluice/input_file.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

constexpr const char* kPolicies = "/v1/policies";

struct Options {
  Connection connection;
  std::string file;
  std::string format = "text";
  std::string change;
  std::string token_file;
  std::int64_t version = 0;  // 0: the newest
  std::int64_t from = 0;
  std::int64_t to = 0;
};

using Shared = std::shared_ptr<Options>;
using Action = int (*)(Io& io, const ApiClient& client, const Options& options);

std::string pretty(const Json& json) { return json.dump(2) + "\n"; }

std::string text_of(const Json& json, const char* member) { return json.value(member, ""); }

std::string described(const Json& version) {
  return fmt::format("version {}  {}  \"{}\"  {}  {}{}", version.value("version", 0), text_of(version, "createdAt"),
                     text_of(version, "documentVersion"), text_of(version, "author"),
                     text_of(version, "digest").substr(0, 12),
                     version.contains("changeId") ? "  by " + text_of(version, "changeId") : "");
}

http::Headers precondition(std::int64_t version, const std::string& token) {
  http::Headers headers;
  headers.set("if-match", fmt::format("\"{}\"", version));
  if (!token.empty()) headers.set("x-approval-token", token);
  return headers;
}

int get(Io& io, const ApiClient& client, const Options& options) {
  const std::string path = options.version > 0 ? fmt::format("/v1/policies/versions/{}", options.version) : kPolicies;
  const auto answer = client.call(http::Method::kGet, path);
  if (!answer) return fail(io, answer.error());
  io.out << (options.format == "json" ? pretty(*answer) : text_of(*answer, "text"));
  return kOk;
}

// The version that the file was made from; without one, what is in force now, which is said: an old file
// takes back what others have changed since.
Result<std::int64_t> base_version(Io& io, const ApiClient& client, const Options& options) {
  if (options.version > 0) return options.version;
  SLUICE_TRY(const Json current, client.call(http::Method::kGet, kPolicies));
  io.err << "in place of " << described(current) << "; --base N refuses that if it is not the version you started from\n";
  return current.value("version", std::int64_t{0});
}

int put(Io& io, const ApiClient& client, const Options& options) {
  const auto document = read_input(options.file);
  if (!document) return fail(io, document.error());
  const auto base = base_version(io, client, options);
  if (!base) return fail(io, base.error());
  const auto token = read_approval_token(io, options.token_file);
  if (!token) return fail(io, token.error());
  const auto answer = client.call(http::Method::kPut, kPolicies, *document, content_type_of(options.file),
                                  precondition(*base, *token));
  if (!answer) {
    io.err << options.file << ":\n";
    return fail(io, answer.error());
  }
  if (options.format == "json") {
    io.out << pretty(*answer);
  } else if (answer->contains("version")) {
    io.out << "in force: " << described(*answer) << "\n";
  } else {
    io.out << fmt::format("waits for {} approval(s): change {}, digest {}\n"
                          "then: sluice policy apply {}\n",
                          answer->value("requiredApprovals", 1), text_of(*answer, "changeId"),
                          text_of(*answer, "digest"), text_of(*answer, "changeId"));
  }
  return answer->contains("version") ? kOk : kChanges;
}

int apply(Io& io, const ApiClient& client, const Options& options) {
  const auto token = read_approval_token(io, options.token_file);
  if (!token) return fail(io, token.error());
  Json body{{"changeId", options.change}};
  if (!token->empty()) body["approvalToken"] = *token;
  const auto answer = client.call(http::Method::kPost, "/v1/policies/apply", body.dump(), "application/json");
  if (!answer) return fail(io, answer.error());
  io.out << (options.format == "json" ? pretty(*answer) : "in force: " + described(*answer) + "\n");
  return kOk;
}

int history(Io& io, const ApiClient& client, const Options& options) {
  std::string path = "/v1/policies/history";
  for (;;) {
    const auto answer = client.call(http::Method::kGet, path);
    if (!answer) return fail(io, answer.error());
    for (const Json& version : (*answer)["items"]) {
      io.out << (options.format == "json" ? version.dump() : described(version)) << "\n";
    }
    if (!answer->contains("next")) return kOk;
    path = "/v1/policies/history?before=" + text_of(*answer, "next");
  }
}

int diff(Io& io, const ApiClient& client, const Options& options) {
  const auto answer = client.call(http::Method::kGet, fmt::format("/v1/policies/diff?from={}&to={}", options.from, options.to));
  if (!answer) return fail(io, answer.error());
  io.out << rendered(io, options.format, governance::interface::report_of_policy_diff(*answer), *answer);
  return (*answer)["patch"].empty() ? kOk : kChanges;
}

// What could not be looked at is not known to be well.
int preview(Io& io, const ApiClient& client, const Options& options) {
  const auto document = read_input(options.file);
  if (!document) return fail(io, document.error());
  const auto answer = client.call(http::Method::kPost, "/v1/policies/preview", *document, content_type_of(options.file));
  if (!answer) {
    io.err << options.file << ":\n";
    return fail(io, answer.error());
  }
  auto report = governance::interface::report_of_preview(*answer);
  if (options.file != "-") governance::interface::add_rule_places(report, options.file, *document);
  io.out << rendered(io, options.format, std::move(report), *answer);
  const auto outcome = governance::interface::outcome_of_preview(*answer);
  if (!outcome.complete) return kError;
  return outcome.newly_failing > 0 ? kChanges : kOk;
}

// --- test: needs no server ------------------------------------------------------------------------------

Result<governance::domain::PolicySet> read_file(const std::string& file) {
  SLUICE_TRY(const std::string text, read_input(file));
  SLUICE_TRY(const text::Node document, file.ends_with(".json") ? text::parse_json(text) : text::parse_yaml(text));
  return governance::infrastructure::read_policy_set(document);
}

Json test_json(const Result<governance::domain::PolicySet>& policies) {
  Json json{{"sound", policies.has_value()}, {"problems", Json::array()}};
  if (!policies) {
    for (const Problem& problem : policies.error().problems) json["problems"].push_back(problem_json(problem));
    return json;
  }
  json["version"] = policies->version;
  json["digest"] = policies->digest;
  json["rules"] = policies->rules.size() + policies->delete_shares.size();
  json["exemptions"] = policies->exemptions.size();
  json["modes"] = policies->modes.size();
  return json;
}

int test(Io& io, const Options& options) {
  const auto policies = read_file(options.file);
  if (!policies && policies.error().problems.empty()) return fail(io, policies.error());
  const Json found = test_json(policies);
  io.out << rendered(io, options.format, governance::interface::report_of_policy_test(options.file, found), found);
  return policies ? kOk : kViolations;
}

// --- the command line -----------------------------------------------------------------------------------

struct Form {
  const char* name;
  const char* about;
  const char* example;
  bool reports = false;  // in all formats; others in text and JSON
};

CLI::App* add(CLI::App& group, const Program& program, const Shared& options, const Form& form, Action action) {
  CLI::App* command = group.add_subcommand(form.name, form.about);
  command->footer(fmt::format("Reads SLUICE_URL and SLUICE_TOKEN.\n\nExample:\n  sluice policy {}", form.example));
  add_connection_options(*command, options->connection);
  if (form.reports) {
    add_format_option(*command, options->format);
  } else {
    command->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
  }
  command->callback([program, options, action] {
    const auto client = connect(program.io, options->connection);
    program.exit_code = client ? action(program.io, *client, *options) : fail(program.io, client.error());
  });
  return command;
}

void add_file(CLI::App& command, const Shared& options) {
  command.add_option("file", options->file, "The document, YAML or JSON; - for standard input")->required();
}

void add_test(CLI::App& group, const Program& program) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = group.add_subcommand("test", "Check a policy file and its examples; needs no server");
  command->footer(
      "Exit code: 0 sound, 4 a problem in the document, 1 error.\n\n"
      "Examples:\n"
      "  sluice policy test policies.yaml\n"
      "  sluice policy test policies.yaml --format sarif > policies.sarif");
  add_file(*command, options);
  add_format_option(*command, options->format);
  command->callback([program, options] { program.exit_code = test(program.io, *options); });
}

void add_reading(CLI::App& group, const Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = add(group, program, options,
                          {"get", "The document in force, as it was written", "get > policies.yaml"}, get);
  command->add_option("--version-number", options->version, "An older version")->check(CLI::PositiveNumber);
  options = std::make_shared<Options>();
  add(group, program, options, {"history", "All versions, the newest first", "history"}, history);
  options = std::make_shared<Options>();
  command = add(group, program, options,
                {"diff", "What changed from one version to another (exit code 3: something)", "diff 3 4", true}, diff);
  command->add_option("from", options->from, "The older version")->required()->check(CLI::PositiveNumber);
  command->add_option("to", options->to, "The newer version")->required()->check(CLI::PositiveNumber);
  options = std::make_shared<Options>();
  command = add(group, program, options,
                {"preview",
                 "What a document would newly refuse (exit code 3) or allow, on what exists and on the plans of 90 days",
                 "preview policies.yaml --format markdown > comment.md", true},
                preview);
  add_file(*command, options);
}

void add_changing(CLI::App& group, const Program& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = add(group, program, options,
                          {"put", "Put a document in force, or have it wait for its approval (exit code 3)",
                           "put policies.yaml"},
                          put);
  add_file(*command, options);
  command->add_option("--base", options->version, "The version that it starts from (default: the one in force)")
      ->check(CLI::PositiveNumber);
  add_approval_token_option(*command, options->token_file);
  options = std::make_shared<Options>();
  command = add(group, program, options,
                {"apply", "Put an approved change of the policies in force", "apply policies-0f343b0931126a20"}, apply);
  command->add_option("change", options->change, "The change, as `sluice policy put` named it")->required();
  add_approval_token_option(*command, options->token_file);
}

}  // namespace

void add_policy(const Program& program) {
  CLI::App* group = program.app.add_subcommand("policy", "The policies: read, change, compare, try out");
  group->footer("Examples:\n  sluice policy get > policies.yaml\n  sluice policy preview policies.yaml\n"
                "  sluice policy put policies.yaml");
  group->require_subcommand(1);
  add_reading(*group, program);
  add_changing(*group, program);
  add_test(*group, program);
}

}  // namespace sluice::cli
