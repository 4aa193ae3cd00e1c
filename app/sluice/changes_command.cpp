// sluice changes list | show | plan, approve, reject, cancel: where changes stand, what they would do, and
// the decisions about them. Nothing is approved unseen: approving names the digest of the plan that was read.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <memory>
#include <ostream>

#include "governance/interface/plan_report.h"
#include "governance/interface/policies/policy_report.h"
#include "platform/core/text.h"
#include "platform/http/wire/target.h"
#include "sluice/command.h"
#include "sluice/connection.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

struct Options {
  std::string change;
  std::string digest;
  std::string comment;
  std::string state;
  std::string env;
  std::string requester;
  std::string format = "text";
  std::int64_t revision = 0;  // 0: the newest
  bool as_json = false;
  Connection connection;
};

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end()) return "";
  return found->is_string() ? printable(found->get<std::string>()) : found->dump();
}

std::string line_of(const Json& change) {
  return fmt::format("{:<10} {:<28} {:<8} rev {:<4} {:<24} {}\n", text_of(change, "state"), text_of(change, "changeId"),
                     text_of(change, "env"), text_of(change, "revision"), text_of(change, "requester"),
                     text_of(change, "updatedAt"));
}

std::string summary_of(const Json& story) {
  std::string text;
  for (const char* what : {"create", "alter", "delete", "none", "block", "warn"}) {
    const auto summary = story.find("summary");
    if (summary != story.end()) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", what, text_of(*summary, what));
  }
  return text;
}

void print_story(std::ostream& out, const Json& story) {
  out << fmt::format("{}: {}, revision {} for {}, asked for by {}\n", text_of(story, "changeId"),
                     text_of(story, "state"), text_of(story, "revision"), text_of(story, "env"),
                     text_of(story, "requester"));
  const bool is_open = text_of(story, "state") == "PLANNED";
  const std::string missing = is_open ? fmt::format(", {} missing", text_of(story, "remaining")) : "";
  out << fmt::format("  plan      {}\n  digest    {}\n  approvals {} needed{}\n", summary_of(story), text_of(story, "digest"),
                     text_of(story, "requiredApprovals"), missing);
  for (const Json& approval : story.value("approvals", Json::array())) {
    out << fmt::format("  {:<9} {} on revision {} by {}{} {}\n", text_of(approval, "decision"),
                       text_of(approval, "createdAt"), text_of(approval, "revision"), text_of(approval, "approver"),
                       approval.value("counts", false) ? "" : " (counts no more)", text_of(approval, "comment"));
  }
  const auto execution = story.find("execution");
  if (execution == story.end()) return;
  out << fmt::format("  applied   {} since {} by {}\n", text_of(*execution, "state"), text_of(*execution, "startedAt"),
                     text_of(*execution, "startedBy"));
  for (const Json& item : execution->value("items", Json::array())) {
    out << fmt::format("    {:<8} {:<7} {} {}\n", text_of(item, "state"), text_of(item, "action"), text_of(item, "name"),
                       text_of(item, "message"));
  }
}

std::string path_of(const Options& options, std::string_view rest = "") {
  return "/v1/changes/" + http::wire::percent_encode(options.change) + std::string(rest);
}

int with_server(Io& io, const Options& options, const std::function<Status(const ApiClient&)>& action) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const auto done = action(*client);
  return done ? static_cast<int>(kOk) : fail(io, done.error());
}

int show(Io& io, const Options& options) {
  return with_server(io, options, [&](const ApiClient& client) -> Status {
    SLUICE_TRY(const Json story, client.call(http::Method::kGet, path_of(options)));
    if (options.as_json) {
      io.out << story.dump(2) << "\n";
    } else {
      print_story(io.out, story);
    }
    return {};
  });
}

std::string plan_path(const std::string& change, std::int64_t revision) {
  const std::string path = "/v1/topics/plan/" + http::wire::percent_encode(change);
  return revision > 0 ? fmt::format("{}?revision={}", path, revision) : path;
}

std::string rendered_plan(const Io& io, const std::string& format, const Json& plan) {
  const bool of_policies = text_of(plan, "kind") == "policies";
  return rendered(io, format,
                  of_policies ? governance::interface::report_of_policy_plan(plan)
                              : governance::interface::report_of_plan(plan),
                  plan);
}

int show_plan(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail_in(io, options.format, "plan", "", client.error());
  const auto plan = client->call(http::Method::kGet, plan_path(options.change, options.revision));
  if (!plan) return fail_in(io, options.format, "plan", "", plan.error());
  io.out << rendered_plan(io, options.format, *plan);
  return kOk;
}

int list(Io& io, const Options& options) {
  return with_server(io, options, [&](const ApiClient& client) -> Status {
    std::string filter;
    if (!options.state.empty()) filter += "&state=" + http::wire::percent_encode(options.state);
    if (!options.env.empty()) filter += "&env=" + http::wire::percent_encode(options.env);
    if (!options.requester.empty()) filter += "&requester=" + http::wire::percent_encode(options.requester);
    std::string after;
    do {
      SLUICE_TRY(const Json page, client.call(http::Method::kGet, "/v1/changes?limit=500" + filter + after));
      for (const Json& change : page.value("changes", Json::array())) {
        io.out << (options.as_json ? change.dump() + "\n" : line_of(change));
      }
      after = page.contains("next") ? "&after=" + http::wire::percent_encode(page.value("next", "")) : "";
    } while (!after.empty());
    return {};
  });
}

Result<Json> decide(const ApiClient& client, const Options& options, std::string_view decision) {
  Json body = Json::object();
  if (!options.digest.empty()) body["digest"] = options.digest;
  if (!options.comment.empty()) body["comment"] = options.comment;
  return client.call(http::Method::kPost, path_of(options, decision), body.dump(), "application/json");
}

// The story, and the plan of the revision that it names.
int show_for_approval(Io& io, const Options& options) {
  const int shown = with_server(io, options, [&](const ApiClient& client) -> Status {
    SLUICE_TRY(const Json story, client.call(http::Method::kGet, path_of(options)));
    SLUICE_TRY(const Json plan, client.call(http::Method::kGet,
                                            plan_path(options.change, story.value("revision", std::int64_t{0}))));
    print_story(io.out, story);
    io.out << "\n" << rendered_plan(io, "text", plan);
    return {};
  });
  if (shown != kOk) return shown;
  io.err << fmt::format("nothing was approved. If this is right, name the digest of what you have read:\n"
                        "  sluice approve {} --digest DIGEST\n", options.change);
  return kUsage;
}

int approve(Io& io, const Options& options) {
  if (options.digest.empty()) return show_for_approval(io, options);
  return with_server(io, options, [&](const ApiClient& client) -> Status {
    SLUICE_TRY(const Json answer, decide(client, options, "/approve"));
    const std::string token = text_of(answer, "approvalToken");
    if (token.empty()) {
      io.out << fmt::format("approved; approvals that are still missing: {}\n", text_of(answer, "remaining"));
      return {};
    }
    io.err << fmt::format("approved until {}; the token, which applies this plan and nothing else:\n",
                          text_of(answer, "expiresAt"));
    io.out << answer.value("approvalToken", "") << "\n";
    return {};
  });
}

int decide_and_print(Io& io, const Options& options, std::string_view decision) {
  return with_server(io, options, [&](const ApiClient& client) -> Status {
    SLUICE_TRY(const Json answer, decide(client, options, decision));
    io.out << fmt::format("{} is {}\n", text_of(answer, "changeId"), text_of(answer, "state"));
    return {};
  });
}

using Action = int (*)(Io&, const Options&);

std::shared_ptr<Options> add(CLI::App& group, const Program& program, const char* name, const char* description,
                             const char* example, Action action, bool names_a_change = true) {
  CLI::App* command = group.add_subcommand(name, description);
  command->footer(std::string("Reads SLUICE_URL and SLUICE_TOKEN.\n\nExample:\n  ") + example);
  auto options = std::make_shared<Options>();
  if (names_a_change) command->add_option("change", options->change, "The change's id")->required();
  add_connection_options(*command, options->connection);
  command->callback([program, options, action] { program.exit_code = action(program.io, *options); });
  return options;
}

void add_comment(CLI::App& group, const char* name, Options& options) {
  group.get_subcommand(name)->add_option("--comment", options.comment, "For the record");
}

}  // namespace

void add_changes(const Program& program) {
  CLI::App* group = program.app.add_subcommand("changes", "Where changes stand");
  group->footer("Example:\n  sluice changes list --state PLANNED --env prod");
  group->require_subcommand(1);
  auto listed = add(*group, program, "list", "List changes, the newest first",
                    "sluice changes list --state PLANNED --env prod", list, false);
  CLI::App* command = group->get_subcommand("list");
  command->add_option("--state", listed->state, "PLANNED, APPROVED, REJECTED, CANCELLED, APPLYING, APPLIED, PARTIAL or FAILED");
  command->add_option("--env", listed->env, "One environment");
  command->add_option("--requester", listed->requester, "Who asked for the newest revision");
  command->add_flag("--json", listed->as_json, "One JSON object a line");
  auto shown = add(*group, program, "show", "A change's whole story: revisions, approvals, what was applied",
                   "sluice changes show OPS-7", show);
  group->get_subcommand("show")->add_flag("--json", shown->as_json, "As JSON");
  auto planned = add(*group, program, "plan", "A plan as it was kept: what approving it would approve",
                     "sluice changes plan OPS-7 --revision 2 --format markdown", show_plan);
  command = group->get_subcommand("plan");
  command->add_option("--revision", planned->revision, "An older one (default: the newest)")->check(CLI::PositiveNumber);
  add_format_option(*command, planned->format);
}

void add_approve(const Program& program) {
  auto options = add(program.app, program, "approve",
                     "Approve the plan with this digest; without one, show what there is to approve",
                     "sluice approve OPS-7 --digest 0f343b0931126a20… --comment 'as agreed'", approve);
  add_comment(program.app, "approve", *options);
  program.app.get_subcommand("approve")->add_option("--digest", options->digest, "The digest of the plan that you have read");
}

void add_reject(const Program& program) {
  auto options = add(program.app, program, "reject", "Reject a planned or approved change; approvals given are void",
                     "sluice reject OPS-7 --comment 'retention is too short'",
                     [](Io& io, const Options& given) { return decide_and_print(io, given, "/reject"); });
  add_comment(program.app, "reject", *options);
}

void add_cancel(const Program& program) {
  auto options = add(program.app, program, "cancel", "Withdraw a change of your own that is not being applied",
                     "sluice cancel OPS-7 --comment 'no longer needed'",
                     [](Io& io, const Options& given) { return decide_and_print(io, given, "/cancel"); });
  add_comment(program.app, "cancel", *options);
}

}  // namespace sluice::cli
