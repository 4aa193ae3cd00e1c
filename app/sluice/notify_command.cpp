// sluice notify list | retry | test: the queue of notifications, through the server.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <ostream>

#include "platform/core/text.h"
#include "platform/http/wire/target.h"
#include "sluice/command.h"
#include "sluice/connection.h"

namespace sluice::cli {
namespace {

constexpr int kPage = 500;

struct Options {
  Connection connection;
  std::string state = "dead";
  std::string target;
  std::string id;
  std::string issue;
  bool all = false;
};

std::string text_of(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? printable(member->get<std::string>(), 500) : std::string();
}

// Every notification of this state and target, page by page.
Status each(const ApiClient& client, const std::string& state, const std::string& target,
            const std::function<Status(const Json&)>& visit) {
  std::string after;
  do {
    std::string path = fmt::format("/v1/notifications?limit={}", kPage);
    if (state != "all") path += "&state=" + state;
    if (!target.empty()) path += "&target=" + http::wire::percent_encode(target);
    if (!after.empty()) path += "&after=" + after;
    SLUICE_TRY(const Json page, client.call(http::Method::kGet, path));
    for (const Json& one : page.at("notifications")) SLUICE_CHECK(visit(one));
    after = page.contains("next") ? text_of(page, "next") : "";
  } while (!after.empty());
  return {};
}

int list(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const auto done = each(*client, options.state, options.target, [&](const Json& one) -> Status {
    io.out << fmt::format("{}  {:<9}  {:<12} {:<16} {}  {}\n", text_of(one, "id"), text_of(one, "state"),
                          text_of(one, "target"), text_of(one, "event"), text_of(one, "changeId"), text_of(one, "reason"));
    return {};
  });
  return done ? static_cast<int>(kOk) : fail(io, done.error());
}

Status retry_one(const ApiClient& client, const std::string& id) {
  SLUICE_CHECK(client.call(http::Method::kPost, fmt::format("/v1/notifications/{}/retry", http::wire::percent_encode(id))));
  return {};
}

int retry(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  std::vector<std::string> ids{options.id};
  if (options.all) {
    ids.clear();
    const auto listed = each(*client, "dead", options.target, [&](const Json& one) -> Status {
      ids.push_back(text_of(one, "id"));
      return {};
    });
    if (!listed) return fail(io, listed.error());
  }
  for (const std::string& id : ids) {
    if (const auto done = retry_one(*client, id); !done) return fail(io, done.error());
  }
  io.out << fmt::format("{} to be tried again\n", ids.size());
  return kOk;
}

int test(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  Json body{{"target", options.target}};
  if (!options.issue.empty()) body["issue"] = options.issue;
  const auto done = client->call(http::Method::kPost, "/v1/notifications/test", body.dump(), "application/json");
  if (!done) return fail(io, done.error());
  io.out << options.target << " has been told\n";
  return kOk;
}

}  // namespace

void add_notify(const Program& program) {
  CLI::App* group = program.app.add_subcommand("notify", "Notifications: what was not delivered, again, and a test");
  group->footer("Example:\n  sluice notify list --state dead");
  group->require_subcommand(1);
  auto options = std::make_shared<Options>();

  CLI::App* listed = group->add_subcommand("list", "List notifications, newest first, with the reason of each failure");
  listed->footer("Reads SLUICE_URL and SLUICE_TOKEN (an admin's).\n\nExample:\n  sluice notify list --target slack");
  listed->add_option("--state", options->state, "dead, pending, delivered or all")
      ->check(CLI::IsMember({"dead", "pending", "delivered", "all"}))
      ->capture_default_str();
  listed->add_option("--target", options->target, "One target of the configuration");
  add_connection_options(*listed, options->connection);
  listed->callback([program, options] { program.exit_code = list(program.io, *options); });

  CLI::App* retried = group->add_subcommand("retry", "Try dead notifications again");
  retried->footer("Reads SLUICE_URL and SLUICE_TOKEN (an admin's).\n\n"
                  "Examples:\n  sluice notify retry 01934f2e-7c1a-7b3e-8f00-0123456789ab\n  sluice notify retry --all --target slack");
  CLI::App* which = retried->add_option_group("Which")->require_option(1);
  which->add_option("id", options->id, "As `sluice notify list` shows it");
  auto* all = which->add_flag("--all", options->all, "Every dead one");
  retried->add_option("--target", options->target, "With --all: only those of this target")->needs(all);
  add_connection_options(*retried, options->connection);
  retried->callback([program, options] { program.exit_code = retry(program.io, *options); });

  CLI::App* tested = group->add_subcommand("test", "Send a test to one target, at once");
  tested->footer("Reads SLUICE_URL and SLUICE_TOKEN (an admin's).\n\nExample:\n  sluice notify test slack");
  tested->add_option("target", options->target, "A target of the configuration")->required();
  tested->add_option("--issue", options->issue, "Jira: comment on this issue; without it only the login is tried");
  add_connection_options(*tested, options->connection);
  tested->callback([program, options] { program.exit_code = test(program.io, *options); });
}

}  // namespace sluice::cli
