// sluice token issue | list | revoke: service tokens, through a server or straight in its database.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <ostream>

#include "sluice/configuration.h"
#include "sluice/token_store.h"

namespace sluice::cli {
namespace {

constexpr const char* kWhere =
    "With SLUICE_URL set and no --config it asks that server, as SLUICE_TOKEN (an admin's); otherwise it\n"
    "works in the database that the configuration names.\n\n";

struct IssueOptions {
  std::string principal;
  std::string owner;
  std::string role;
  std::string environment = "*";
  std::string names = "*";
  std::string lifetime = "90d";
  bool quiet = false;
};

std::string check_lifetime(const std::string& text) {
  return parse_lifetime(text) ? "" : "a number with s, m, h or d, at most 3650d: 90d";
}

std::string grants_text(const auth::ServiceToken& token) {
  std::vector<std::string> texts;
  for (const auth::Grant& grant : token.grants) {
    texts.push_back(fmt::format("{}@{}:{}", auth::to_string(grant.role), grant.environment, grant.name_pattern));
  }
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string state_of(const auth::ServiceToken& token, TimePoint now) {
  if (token.revoked_at) return "revoked " + format_rfc3339(*token.revoked_at);
  return (token.expires_at <= now ? "expired " : "until ") + format_rfc3339(token.expires_at);
}

bool goes_through_server(const Io& io, const std::string& config) {
  const auto url = io.environment("SLUICE_URL");
  return config.empty() && url && !url->empty();
}

int with_tokens(Io& io, const std::string& option, const std::function<Status(TokenStore&)>& action) {
  Result<std::unique_ptr<TokenStore>> tokens = Error();
  if (goes_through_server(io, option)) {
    tokens = tokens_of_server(io);
  } else {
    const auto config = load_config(io, option);
    if (!config) return fail_config(io, config_path(io, option), config.error());
    tokens = tokens_of_database(*config);
  }
  if (!tokens) return fail(io, tokens.error());
  const auto done = action(**tokens);
  return done ? static_cast<int>(kOk) : fail(io, done.error());
}

int issue(Io& io, const std::string& config, const IssueOptions& options) {
  return with_tokens(io, config, [&](TokenStore& tokens) -> Status {
    const auto role = auth::parse_role(options.role);
    SLUICE_TRY(const auth::IssuedToken issued, tokens.issue({.name = options.principal,
                                                             .owner = options.owner,
                                                             .grants = {{*role, options.environment, options.names}},
                                                             .lifetime = *parse_lifetime(options.lifetime)}));
    if (!options.quiet) {
      io.err << fmt::format("token {} for {}, {}; it is shown only once:\n", issued.record.id,
                            issued.record.principal, grants_text(issued.record));
    }
    io.out << issued.token << "\n";
    return {};
  });
}

int list(Io& io, const std::string& config) {
  return with_tokens(io, config, [&](TokenStore& tokens) -> Status {
    const SystemClock clock;
    std::string after;
    do {
      SLUICE_TRY(TokenPage page, tokens.list(after));
      for (const auth::ServiceToken& token : page.tokens) {
        io.out << fmt::format("{}  {:<24} owner {:<16} {}  {}\n", token.id, token.principal, token.owner,
                              grants_text(token), state_of(token, clock.now()));
      }
      after = std::move(page.next);
    } while (!after.empty());
    return {};
  });
}

int revoke(Io& io, const std::string& config, const std::string& id) {
  return with_tokens(io, config, [&](TokenStore& tokens) -> Status {
    SLUICE_CHECK(tokens.revoke(id));
    io.out << "revoked " << id << "; servers refuse it within 5 seconds\n";
    return {};
  });
}

void add_issue(CLI::App& group, const Program& program, const std::shared_ptr<std::string>& config) {
  auto options = std::make_shared<IssueOptions>();
  CLI::App* command = group.add_subcommand("issue", "Issue a token; it is printed once and stored only as a hash");
  command->footer(
      std::string(kWhere) +
      "Examples:\n"
      "  sluice token issue --principal ci-orders --owner kim@example.com --role editor --env prod --names 'prod.orders.*'\n"
      "  export SLUICE_TOKEN=$(sluice token issue --config sluice.yaml --principal me --role admin --quiet)");
  add_config_option(*command, *config);
  command->add_option("--principal", options->principal, "The program's name: its principal is token:NAME")->required();
  command->add_option("--owner", options->owner,
                      "The person who answers for it (default: you; in the database, the principal's name)");
  command->add_option("--role", options->role, "viewer, editor, approver or admin")
      ->required()
      ->check(CLI::IsMember({"viewer", "editor", "approver", "admin"}));
  command->add_option("--env", options->environment, "One environment, or * for all")->capture_default_str();
  command->add_option("--names", options->names, "The names it covers; * stands for any characters")->capture_default_str();
  command->add_option("--ttl", options->lifetime, "How long it counts: 90d, 12h")
      ->check(CLI::Validator(check_lifetime, "DURATION"))
      ->capture_default_str();
  command->add_flag("-q,--quiet", options->quiet, "Print the token only");
  command->callback([program, config, options] { program.exit_code = issue(program.io, *config, *options); });
}

}  // namespace

void add_token(const Program& program) {
  CLI::App* group = program.app.add_subcommand("token", "Service tokens");
  group->footer("Example:\n  sluice token issue --principal me --role viewer");
  group->require_subcommand(1);
  auto config = std::make_shared<std::string>();
  add_issue(*group, program, config);

  CLI::App* listed = group->add_subcommand("list", "List tokens; never their secrets");
  listed->footer(std::string(kWhere) + "Example:\n  sluice token list --config sluice.yaml");
  add_config_option(*listed, *config);
  listed->callback([program, config] { program.exit_code = list(program.io, *config); });

  auto id = std::make_shared<std::string>();
  CLI::App* revoked = group->add_subcommand("revoke", "Revoke a token by its id");
  revoked->footer(std::string(kWhere) + "Example:\n  sluice token revoke 0123456789abcdef --config sluice.yaml");
  add_config_option(*revoked, *config);
  revoked->add_option("id", *id, "The token's id, as `sluice token list` shows it")
      ->required()
      ->check(CLI::Validator(
          [](const std::string& text) {
            return auth::is_service_token_id(text) ? std::string() : "an id has 16 hex digits, as `sluice token list` shows it";
          },
          "ID"));
  revoked->callback([program, config, id] { program.exit_code = revoke(program.io, *config, *id); });
}

}  // namespace sluice::cli
