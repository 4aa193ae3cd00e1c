// sluice policy get | put | apply | diff | history | preview | test: the policy document of a server,
// and one that is still a file.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <memory>
#include <ostream>

#include "governance/infrastructure/policy_reader.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "sluice/command.h"
#include "sluice/connection.h"
#include "sluice/input_file.h"

namespace sluice::cli {
namespace {

constexpr const char* kPolicies = "/v1/policies";

struct Options {
  Connection connection;
  std::string file;
  std::string format = "text";
  std::string change;
  std::string token;
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

// The version that the file was made from; without one, what is in force now.
Result<std::int64_t> base_version(const ApiClient& client, const Options& options) {
  if (options.version > 0) return options.version;
  SLUICE_TRY(const Json current, client.call(http::Method::kGet, kPolicies));
  return current.value("version", std::int64_t{0});
}

int put(Io& io, const ApiClient& client, const Options& options) {
  const auto document = read_input(options.file);
  if (!document) return fail(io, document.error());
  const auto base = base_version(client, options);
  if (!base) return fail(io, base.error());
  const auto answer = client.call(http::Method::kPut, kPolicies, *document, content_type_of(options.file),
                                  precondition(*base, options.token));
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
  Json body{{"changeId", options.change}};
  if (!options.token.empty()) body["approvalToken"] = options.token;
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
  if (options.format == "json") {
    io.out << pretty(*answer);
  } else {
    for (const Json& step : (*answer)["patch"]) {
      io.out << fmt::format("{:<8}{}{}\n", text_of(step, "op"), text_of(step, "path"),
                            step.contains("value") ? " " + step["value"].dump() : "");
    }
  }
  return (*answer)["patch"].empty() ? kOk : kChanges;
}

// --- preview ------------------------------------------------------------------------------------------

std::size_t print_list(Io& io, const Json& found, const char* list, const char* sign) {
  for (const Json& one : found[list]) {
    io.out << fmt::format("  {} {}{}: {} {}: {}\n", sign, one.contains("changeId") ? text_of(one, "changeId") + " " : "",
                          text_of(one, "name"), text_of(one, "severity"), text_of(one, "rule"), text_of(one, "message"));
  }
  const auto count = found.value(std::string(list) + "Count", std::size_t{0});
  if (count > found[list].size()) io.out << fmt::format("  {} … and {} more\n", sign, count - found[list].size());
  return count;
}

std::size_t print_comparison(Io& io, const Json& found) {
  const std::size_t failing = print_list(io, found, "newlyFailing", "-");
  print_list(io, found, "newlyPassing", "+");
  return failing;
}

std::size_t print_preview(Io& io, const Json& answer) {
  std::size_t failing = 0;
  for (const Json& estate : answer["estate"]) {
    if (estate.contains("unavailable")) {
      io.out << fmt::format("{}: not previewed: {}\n", text_of(estate, "env"), text_of(estate, "unavailable"));
      continue;
    }
    io.out << fmt::format("{}: {} topics\n", text_of(estate, "env"), estate.value("topics", 0));
    failing += print_comparison(io, estate);
  }
  const Json& plans = answer["plans"];
  io.out << fmt::format("plans since {}: {} judged\n", text_of(plans, "since"), plans.value("judged", 0));
  failing += print_comparison(io, plans);
  for (const Json& one : plans["notJudged"]) {
    io.out << fmt::format("  ? {} revision {}: {}\n", text_of(one, "changeId"), one.value("revision", 0), text_of(one, "why"));
  }
  return failing;
}

int preview(Io& io, const ApiClient& client, const Options& options) {
  const auto document = read_input(options.file);
  if (!document) return fail(io, document.error());
  const auto answer = client.call(http::Method::kPost, "/v1/policies/preview", *document, content_type_of(options.file));
  if (!answer) {
    io.err << options.file << ":\n";
    return fail(io, answer.error());
  }
  if (options.format != "json") return print_preview(io, *answer) > 0 ? kChanges : kOk;
  io.out << pretty(*answer);
  return kOk;
}

// --- test: needs no server ------------------------------------------------------------------------------

Result<governance::domain::PolicySet> read_file(const std::string& file) {
  SLUICE_TRY(const std::string text, read_input(file));
  SLUICE_TRY(const text::Node document, file.ends_with(".json") ? text::parse_json(text) : text::parse_yaml(text));
  return governance::infrastructure::read_policy_set(document);
}

int test(Io& io, const Options& options) {
  const auto policies = read_file(options.file);
  if (!policies) {
    io.err << options.file << ":\n";
    fail(io, policies.error());
    return policies.error().problems.empty() ? kError : kViolations;
  }
  io.out << fmt::format("{}: {} rules, {} exemptions, {} modes; every example holds\n", options.file,
                        policies->rules.size() + policies->delete_shares.size(), policies->exemptions.size(),
                        policies->modes.size());
  return kOk;
}

// --- the command line -----------------------------------------------------------------------------------

CLI::App* add(CLI::App& group, const Program& program, const Shared& options, const char* name, const char* about,
              Action action) {
  CLI::App* command = group.add_subcommand(name, about);
  command->footer(fmt::format("Example:\n  sluice policy {} --server http://127.0.0.1:8080", name));
  add_connection_options(*command, options->connection);
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
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
  command->footer("Exit code: 0 sound, 4 a problem in the document, 1 error.\n\nExample:\n  sluice policy test policies.yaml");
  add_file(*command, options);
  command->callback([program, options] { program.exit_code = test(program.io, *options); });
}

}  // namespace

void add_policy(const Program& program) {
  CLI::App* group = program.app.add_subcommand("policy", "The policies: read, change, compare, try out");
  group->footer("Examples:\n  sluice policy get > policies.yaml\n  sluice policy preview policies.yaml\n"
                "  sluice policy put policies.yaml");
  group->require_subcommand(1);
  const auto fresh = [] { return std::make_shared<Options>(); };
  Shared options = fresh();
  CLI::App* command = add(*group, program, options, "get", "The document in force, as it was written", get);
  command->add_option("--version-number", options->version, "An older version")->check(CLI::PositiveNumber);

  options = fresh();
  command = add(*group, program, options, "put", "Put a document in force, or have it wait for its approval (exit code 3)", put);
  add_file(*command, options);
  command->add_option("--base", options->version, "The version that it starts from (default: the one in force)")
      ->check(CLI::PositiveNumber);
  command->add_option("--approval-token", options->token, "The token of its approval");

  options = fresh();
  command = add(*group, program, options, "apply", "Put an approved change of the policies in force", apply);
  command->add_option("change", options->change, "The change, as `sluice policy put` named it")->required();
  command->add_option("--approval-token", options->token, "The token of its approval");

  options = fresh();
  add(*group, program, options, "history", "All versions, the newest first", history);

  options = fresh();
  command = add(*group, program, options, "diff", "What changed from one version to another (exit code 3: something)", diff);
  command->add_option("from", options->from, "The older version")->required()->check(CLI::PositiveNumber);
  command->add_option("to", options->to, "The newer version")->required()->check(CLI::PositiveNumber);

  options = fresh();
  command = add(*group, program, options, "preview",
                "What a document would newly refuse (exit code 3) or allow, on what exists and on the plans of 90 days", preview);
  add_file(*command, options);
  add_test(*group, program);
}

}  // namespace sluice::cli
