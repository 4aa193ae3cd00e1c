#include "platform/auth/token_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/auth/errors.h"
#include "platform/core/sha256.h"
#include "platform/core/text.h"

namespace sluice::auth {
namespace {

constexpr std::size_t kMaxNameBytes = 100;
constexpr std::size_t kMaxOwnerBytes = 256;
constexpr std::size_t kMaxScopeBytes = 256;
constexpr std::chrono::minutes kUseIsNotedEvery{1};

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-@").find(c) != std::string_view::npos;
}

bool is_plain_text(std::string_view text) {
  return is_valid_utf8(text) && trim(text) == text &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; });
}

bool is_scope(std::string_view text) {
  return !text.empty() && text.size() <= kMaxScopeBytes && is_plain_text(text);
}

std::vector<Problem> problems_of(const IssueRequest& request) {
  std::vector<Problem> problems;
  const auto add = [&](std::string field, std::string rule, std::string message, std::string fix) {
    problems.push_back(
        {std::move(field), std::move(rule), std::move(message), std::move(fix), 0, 0});
  };
  if (request.name.empty() || request.name.size() > kMaxNameBytes ||
      !std::all_of(request.name.begin(), request.name.end(), is_name_char)) {
    add("name", "pattern", "The name is not 1 to 100 of the characters A-Z a-z 0-9 . _ - @.",
        "Name the program that will use the token, like ci-orders.");
  }
  if (request.owner.empty() || request.owner.size() > kMaxOwnerBytes ||
      !is_plain_text(request.owner)) {
    add("owner", "pattern",
        "The owner is empty, longer than 256 bytes, or holds control characters.",
        "Name the person who answers for the token, as the identity provider does.");
  }
  if (request.grants.empty()) {
    add("grants", "too-few", "A token without grants may do nothing.", "Give it a role.");
  }
  for (const Grant& grant : request.grants) {
    if (!is_scope(grant.environment) || !is_scope(grant.name_pattern)) {
      add("grants", "pattern", "An environment or name pattern is empty, too long, or no plain text.",
          "Write * for all.");
      break;
    }
  }
  if (request.lifetime <= std::chrono::seconds{0} || request.lifetime > kMaxServiceTokenLifetime) {
    add("lifetime", "range", "The lifetime is not between 1 second and 3650 days.",
        "Choose 90 days.");
  }
  return problems;
}

Error not_found(std::string_view id) {
  return {ErrorKind::kNotFound,
          "auth.token-not-found",
          fmt::format("There is no service token with the id {}.", printable(id, 32)),
          "See the ids with: sluice token list",
          {}};
}

}  // namespace

Result<IssuedToken> TokenService::issue(const IssueRequest& request, Deadline deadline, const TokenNote& note) {
  if (auto problems = problems_of(request); !problems.empty()) {
    return Error{ErrorKind::kInvalid, "auth.token-request",
                 "No token can be issued for this request.", "", std::move(problems)};
  }
  const auto now = clock_.now();
  IssuedToken issued{new_service_token_text(), {}};
  const auto parts = parse_service_token(issued.token);
  issued.record = {std::string(parts->id),
                   hash_secret(parts->secret),
                   fmt::format("{}{}", kServicePrincipalPrefix, request.name),
                   request.owner,
                   request.grants,
                   now,
                   now + request.lifetime,
                   {},
                   {},
                   request.issuer.empty() ? request.owner : request.issuer};
  WithChange also;
  if (note) also = [&](sql::Session& session) { return note(session, issued.record); };
  SLUICE_CHECK(repository_.add(issued.record, deadline, also));
  return issued;
}

Result<std::vector<ServiceToken>> TokenService::list(std::string_view after_id, int limit,
                                                     Deadline deadline) {
  return repository_.list(after_id, limit, deadline);
}

Result<ServiceToken> TokenService::find(std::string_view id, Deadline deadline) {
  if (!is_service_token_id(id)) return not_found(id);
  SLUICE_TRY(auto found, repository_.find(id, deadline));
  if (!found) return not_found(id);
  return *std::move(found);
}

Status TokenService::revoke(std::string_view id, Deadline deadline, const WithChange& also) {
  if (!is_service_token_id(id)) return not_found(id);
  SLUICE_TRY(const bool known, repository_.revoke(id, clock_.now(), deadline, also));
  if (known) return {};
  return not_found(id);
}

// An unknown id and a wrong secret answer alike, so that ids can't be probed; that a token has
// expired or was revoked is told only to who holds its secret.
Result<Verified> TokenService::verify(std::string_view token, Deadline deadline) {
  const auto parts = parse_service_token(token);
  if (!parts) return errors::unknown();
  auto found = repository_.find(parts->id, deadline);
  if (!found) return errors::store_unavailable();
  if (!*found || !equal_constant_time((*found)->secret_hash, hash_secret(parts->secret))) {
    return errors::unknown();
  }
  const ServiceToken& record = **found;
  const auto now = clock_.now();
  if (record.revoked_at) return errors::revoked();
  if (now >= record.expires_at) return errors::expired();
  note_use(record, now, deadline);
  return Verified{std::make_shared<Principal>(
                      Principal{record.principal, record.owner, record.id, record.grants, record.issuer}),
                  record.expires_at};
}

// Only for the people who tidy up tokens: a store that can't take it must not refuse the caller.
void TokenService::note_use(const ServiceToken& token, TimePoint now, Deadline deadline) {
  if (token.last_used_at && now < *token.last_used_at + kUseIsNotedEvery) return;
  (void)repository_.touch(token.id, now, deadline);
}

}  // namespace sluice::auth
