// Issues, lists, revokes and verifies service tokens. Thread-safe; waits for the repository.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "platform/auth/token_repository.h"
#include "platform/auth/token_verifier.h"
#include "platform/core/clock.h"

namespace sluice::auth {

inline constexpr std::chrono::days kMaxServiceTokenLifetime{3650};

struct IssueRequest {
  std::string name;   // of the program: "ci-orders"; its principal is "token:ci-orders"
  std::string owner;  // of the person who answers for it
  std::vector<Grant> grants;
  std::chrono::seconds lifetime{0};
  std::string issuer = {};  // the person who asks; empty: the owner
};

struct IssuedToken {
  std::string token;  // shown once, to the one who asked; nobody can read it again
  ServiceToken record;
};

// What is written with the token that it is about, in one transaction.
using TokenNote = std::function<Status(sql::Session& session, const ServiceToken& token)>;

class TokenService final : public TokenVerifier {
 public:
  TokenService(TokenRepository& repository, const Clock& clock)
      : repository_(repository), clock_(clock) {}

  // kInvalid with one problem for every field that is wrong.
  Result<IssuedToken> issue(const IssueRequest& request, Deadline deadline, const TokenNote& note = {});
  // By id, at most `limit` after `after_id` ("" = from the start); revoked and expired ones too.
  Result<std::vector<ServiceToken>> list(std::string_view after_id, int limit, Deadline deadline);
  // kNotFound when there is no such token.
  Result<ServiceToken> find(std::string_view id, Deadline deadline);
  // kNotFound when there is no such token; revoking twice is fine.
  Status revoke(std::string_view id, Deadline deadline, const WithChange& also = {});

  Result<Verified> verify(std::string_view token, Deadline deadline) override;

 private:
  void note_use(const ServiceToken& token, TimePoint now, Deadline deadline);

  TokenRepository& repository_;
  const Clock& clock_;
};

}  // namespace sluice::auth
