// Tokens as the API words them, for both ends of it: what the server reads the CLI wrote, and back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/token_service.h"
#include "platform/core/json.h"
#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice {

// "90d", "12h", "30m", "45s"; empty when it is none, or longer than a token may live.
std::optional<std::chrono::seconds> parse_lifetime(std::string_view text);

// {name, owner?, grants: [{role, environment?, names?}], ttl}. Every wrong field is a Problem.
// `owner` and `issuer` are left empty where the request is silent.
Result<auth::IssueRequest> read_issue_request(const text::Node& document);
Json to_json(const auth::IssueRequest& request);

// {id, principal, owner, issuer, grants, createdAt, expiresAt, revokedAt?, lastUsedAt?}: no secrets.
Json to_json(const auth::ServiceToken& token);
// The same with the token itself, for the one who asked.
Json to_json(const auth::IssuedToken& issued);
Result<auth::IssuedToken> read_issued_token(const Json& answer);

// Tokens by id; `next` is where the following page begins, empty on the last one.
struct TokenPage {
  std::vector<auth::ServiceToken> tokens;
  std::string next;
};
Result<TokenPage> list_page(auth::TokenService& tokens, std::string_view after, int limit, Deadline deadline);
Json to_json(const TokenPage& page);
Result<TokenPage> read_token_page(const Json& answer);

}  // namespace sluice
