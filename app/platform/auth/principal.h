// Who is calling and what that one may do. Value types.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/actor.h"
#include "platform/core/result.h"

namespace sluice::auth {

// Ordered: each role may do what the ones before it may.
enum class Role : std::uint8_t { kViewer, kEditor, kApprover, kAdmin };

std::string_view to_string(Role role);  // "viewer", …
std::optional<Role> parse_role(std::string_view text);

struct Grant {
  Role role = Role::kViewer;
  std::string environment = "*";   // one environment, or "*"
  std::string name_pattern = "*";  // a glob over resource names: only `*` is special

  bool operator==(const Grant&) const = default;
};

struct Principal {
  std::string id;        // "kim@example.com", "token:ci-orders"
  std::string owner;     // the person who answers for a service token; else the id itself
  std::string token_id;  // jti or service token id; may be empty for a JWT without one
  std::vector<Grant> grants;
  // Who issued the service token, as a person; empty for a JWT. A token counts as its owner and its
  // issuer, where two people are asked for.
  std::string issuer = {};

  // At least `role` somewhere: what a route can know before it has read the body.
  [[nodiscard]] bool has(Role role) const;
  // At least `role` for this resource.
  [[nodiscard]] bool may(Role role, std::string_view environment, std::string_view name) const;
  // Whether it is an admin for everything that `grant` covers: what one hands out can't exceed it.
  [[nodiscard]] bool may_grant(const Grant& grant) const;

  bool operator==(const Principal&) const = default;
};

// On whose behalf something happens, for records and decisions.
Actor actor_of(const Principal& principal);

// Turns a bearer token into a principal, or an Error of kind kUnauthenticated whose code says why
// (auth.missing, auth.malformed, auth.expired, auth.not-yet-valid, auth.issuer, auth.audience,
// auth.algorithm, auth.signature, auth.revoked, auth.unknown) without helping a guesser, or
// kUnavailable when the token store is down and the token is not cached. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // May wait for the token store, within its deadline: not for an I/O thread.
  virtual Result<std::shared_ptr<const Principal>> authenticate(std::string_view bearer_token) = 0;
  // The principal of a token that was verified a moment ago and still counts; null = ask
  // authenticate(). Answers from memory and never waits for I/O: for I/O threads.
  virtual std::shared_ptr<const Principal> cached(std::string_view bearer_token);
};

}  // namespace sluice::auth
