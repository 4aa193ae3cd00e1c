// sluice token issue | list | revoke: service tokens, straight in the metadata database.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <charconv>
#include <ostream>

#include "platform/auth/sql_token_repository.h"
#include "platform/auth/token_service.h"
#include "sluice/configuration.h"
#include "sluice/metadata_store.h"

namespace sluice::cli {
namespace {

constexpr std::chrono::seconds kDeadline{15};
constexpr int kPage = 500;

struct IssueOptions {
  std::string principal;
  std::string owner;
  std::string role;
  std::string environment = "*";
  std::string names = "*";
  std::string lifetime = "90d";
  bool quiet = false;
};

// "90d", "12h", "30m", "45s".
std::optional<std::chrono::seconds> parse_lifetime(const std::string& text) {
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::int64_t kMost = 1'000'000'000;
  if (failure != std::errc{} || end + 1 != text.data() + text.size() || count < 1 || count > kMost) {
    return std::nullopt;
  }
  switch (*end) {
    case 's': return std::chrono::seconds{count};
    case 'm': return std::chrono::minutes{count};
    case 'h': return std::chrono::hours{count};
    case 'd': return std::chrono::hours{count * 24};
    default: return std::nullopt;
  }
}

std::string check_lifetime(const std::string& text) {
  return parse_lifetime(text) ? "" : "a number with s, m, h or d: 90d";
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

// Opens the store, makes sure of its schema, and runs `action` on the tokens in it.
int with_tokens(Io& io, const std::string& option,
                const std::function<int(auth::TokenService&, const Clock&)>& action) {
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, config_path(io, option), config.error());
  const SystemClock clock;
  const auto store = MetadataStore::open(config->database, clock);
  if (!store) return fail(io, store.error());
  if (const auto prepared = (*store)->prepare(Deadline::after(kDeadline)); !prepared) {
    return fail(io, prepared.error());
  }
  auth::SqlTokenRepository repository((*store)->database());
  auth::TokenService tokens(repository, clock);
  return action(tokens, clock);
}

int issue(Io& io, const std::string& config, const IssueOptions& options) {
  return with_tokens(io, config, [&](auth::TokenService& tokens, const Clock&) {
    const auto role = auth::parse_role(options.role);
    const auth::IssueRequest request{options.principal,
                                     options.owner.empty() ? options.principal : options.owner,
                                     {{*role, options.environment, options.names}},
                                     *parse_lifetime(options.lifetime)};
    const auto issued = tokens.issue(request, Deadline::after(kDeadline));
    if (!issued) return fail(io, issued.error());
    if (!options.quiet) {
      io.err << fmt::format("token {} for {}, {}; it is shown only once:\n", issued->record.id,
                            issued->record.principal, grants_text(issued->record));
    }
    io.out << issued->token << "\n";
    return static_cast<int>(kOk);
  });
}

int list(Io& io, const std::string& config) {
  return with_tokens(io, config, [&](auth::TokenService& tokens, const Clock& clock) {
    std::string after;
    for (;;) {
      const auto page = tokens.list(after, kPage, Deadline::after(kDeadline));
      if (!page) return fail(io, page.error());
      for (const auth::ServiceToken& token : *page) {
        io.out << fmt::format("{}  {:<24} owner {:<16} {}  {}\n", token.id, token.principal, token.owner,
                              grants_text(token), state_of(token, clock.now()));
      }
      if (page->size() < kPage) return static_cast<int>(kOk);
      after = page->back().id;
    }
  });
}

int revoke(Io& io, const std::string& config, const std::string& id) {
  return with_tokens(io, config, [&](auth::TokenService& tokens, const Clock&) {
    const auto revoked = tokens.revoke(id, Deadline::after(kDeadline));
    if (!revoked) return fail(io, revoked.error());
    io.out << "revoked " << id << "; servers refuse it within 5 seconds\n";
    return static_cast<int>(kOk);
  });
}

void add_issue(CLI::App& group, const Program& program, const std::shared_ptr<std::string>& config) {
  auto options = std::make_shared<IssueOptions>();
  CLI::App* command = group.add_subcommand("issue", "Issue a token; it is printed once and stored only as a hash");
  command->footer(
      "Examples:\n"
      "  sluice token issue --principal ci-orders --owner kim@example.com --role editor --env prod --names 'prod.orders.*'\n"
      "  export SLUICE_TOKEN=$(sluice token issue --principal me --role viewer --quiet)");
  add_config_option(*command, *config);
  command->add_option("--principal", options->principal, "The program's name: its principal is token:NAME")->required();
  command->add_option("--owner", options->owner, "The person who answers for it (default: the principal's name)");
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
  listed->footer("Example:\n  sluice token list --config sluice.yaml");
  add_config_option(*listed, *config);
  listed->callback([program, config] { program.exit_code = list(program.io, *config); });

  auto id = std::make_shared<std::string>();
  CLI::App* revoked = group->add_subcommand("revoke", "Revoke a token by its id");
  revoked->footer("Example:\n  sluice token revoke 0123456789abcdef --config sluice.yaml");
  add_config_option(*revoked, *config);
  revoked->add_option("id", *id, "The token's id, as `sluice token list` shows it")->required();
  revoked->callback([program, config, id] { program.exit_code = revoke(program.io, *config, *id); });
}

}  // namespace sluice::cli
