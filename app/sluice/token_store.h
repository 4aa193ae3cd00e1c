// Where `sluice token` finds the tokens: in a running server, or straight in the metadata database.
// Waits at most 15 s a call. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "platform/config/config.h"
#include "sluice/api_client.h"
#include "sluice/token_json.h"

namespace sluice::cli {

class TokenStore {
 public:
  virtual ~TokenStore() = default;
  // Without an owner: the caller's on a server, the token's own name in the database.
  virtual Result<auth::IssuedToken> issue(auth::IssueRequest request) = 0;
  virtual Result<TokenPage> list(std::string_view after) = 0;
  virtual Status revoke(std::string_view id) = 0;
};

// SLUICE_URL and SLUICE_TOKEN say which, and as whom.
Result<std::unique_ptr<TokenStore>> tokens_of_server(const Io& io);
// Opens the database and makes sure of its schema.
Result<std::unique_ptr<TokenStore>> tokens_of_database(const config::Config& config);

}  // namespace sluice::cli
