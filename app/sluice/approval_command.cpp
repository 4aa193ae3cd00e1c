// sluice approval verify: what a token states, checked offline with the published keys alone.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <memory>
#include <ostream>

#include "governance/domain/change/approval_claims.h"
#include "governance/infrastructure/changes/signed_approvals.h"
#include "platform/config/source.h"
#include "platform/core/clock.h"
#include "platform/core/text.h"
#include "platform/text/json.h"
#include "sluice/command.h"
#include "sluice/input_file.h"

namespace sluice::cli {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

struct Options {
  std::string token;
  std::string keys;
};

Error no_approval() {
  return {ErrorKind::kInvalid, "approval.invalid", "What is signed is no approval.", "", {}};
}

Result<governance::domain::ApprovalClaims> verify(const Options& options) {
  SLUICE_TRY(const std::string keys, config::system_files().read(options.keys, kMostBytes));
  SLUICE_CHECK(text::parse_json(keys));  // says what is wrong, and where
  SLUICE_TRY(const std::string token, options.token == "-" ? read_input("-") : Result<std::string>(options.token));
  SLUICE_TRY(const std::string claims, governance::infrastructure::open_approval(Json::parse(keys), trim(token)));
  auto read = governance::domain::read_claims(claims);
  if (!read) return no_approval();
  return std::move(*read);
}

// What was signed, with times that people can read.
Json shown(const governance::domain::ApprovalClaims& claims) {
  Json json = Json::parse(governance::domain::write_claims(claims));
  json["issuedAt"] = format_rfc3339(claims.issued_at);
  json["expiresAt"] = format_rfc3339(claims.expires_at);
  return json;
}

int run(Io& io, const Options& options) {
  const auto claims = verify(options);
  if (!claims) return fail(io, claims.error());
  io.out << shown(*claims).dump(2) << "\n";
  const bool expired = claims->expires_at <= SystemClock().now();
  const bool complete = claims->remaining == 0;
  io.err << fmt::format("the signature holds; {}{}\n",
                        complete ? "it completes the approval" : "approvals were still missing when it was given",
                        expired ? fmt::format(", and it expired {}", format_rfc3339(claims->expires_at)) : "");
  return complete && !expired ? kOk : kViolations;
}

}  // namespace

void add_approval(const Program& program) {
  CLI::App* group = program.app.add_subcommand("approval", "Approval tokens");
  group->footer("Example:\n  sluice approval verify - --keys jwks.json < token");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand("verify", "Verify a token offline, and show what it states");
  command->footer(
      "Exit code: 0 it holds, 4 it holds but has expired or approvals were missing, 1 it does not.\n"
      "The keys are what `sluice keys public` prints and GET /v1/keys answers.\n\n"
      "Examples:\n"
      "  sluice approval verify - --keys jwks.json < token\n"
      "  sluice approval verify slat1.… --keys jwks.json");
  auto options = std::make_shared<Options>();
  command->add_option("token", options->token, "The token, as approve answered it; - for standard input")->required();
  command->add_option("--keys", options->keys, "JWKS file with the server's public keys")->required();
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
