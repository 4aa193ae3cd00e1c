#include "platform/auth/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "platform/auth/errors.h"
#include "platform/auth/grants.h"
#include "platform/auth/service_token.h"

namespace sluice::auth {
namespace {

using text::Node;

constexpr double kLastSecond = 253'402'300'799;  // of the year 9999
constexpr std::size_t kMaxIdBytes = 256;

// RFC 7519 allows fractions.
Result<std::optional<TimePoint>> read_time(const Node& claims, std::string_view name) {
  const Node* node = claims.find(name);
  if (node == nullptr) return std::optional<TimePoint>();
  double seconds = 0;
  if (node->kind == Node::Kind::kInteger) {
    seconds = static_cast<double>(node->integer);
  } else if (node->kind == Node::Kind::kFloat) {
    seconds = node->number;
  } else {
    return errors::malformed(fmt::format("{} is not a number", name));
  }
  if (!(seconds >= 0 && seconds <= kLastSecond))
    return errors::malformed(fmt::format("{} is out of range", name));
  return std::optional(
      TimePoint{std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)}});
}

// Ids end up in logs, tables and comparisons between people.
bool is_id(const Node& node) {
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  return node.kind == Node::Kind::kString && !node.spelling.empty() &&
         node.spelling.size() <= kMaxIdBytes &&
         std::none_of(node.spelling.begin(), node.spelling.end(), is_control);
}

Result<std::string> read_id(const Node& claims, std::string_view name, std::string_view otherwise) {
  const Node* node = claims.find(name);
  if (node == nullptr) return std::string(otherwise);
  if (!is_id(*node)) return errors::malformed(fmt::format("{} is not a name", name));
  return node->spelling;
}

Status check_times(const Node& claims, const ClaimRules& rules, TimePoint now,
                   TimePoint& expires_at) {
  SLUICE_TRY(const auto expires, read_time(claims, "exp"));
  SLUICE_TRY(const auto not_before, read_time(claims, "nbf"));
  SLUICE_TRY(const auto issued, read_time(claims, "iat"));
  if (!expires) return errors::malformed("exp is missing");
  expires_at = *expires + rules.clock_skew;
  if (now >= expires_at) return errors::expired();
  const auto latest_start = now + rules.clock_skew;
  if (not_before.value_or(now) > latest_start || issued.value_or(now) > latest_start) {
    return errors::not_yet_valid();
  }
  return {};
}

bool is_string(const Node& node, std::string_view text) {
  return node.kind == Node::Kind::kString && node.spelling == text;
}

Status check_origin(const Node& claims, const ClaimRules& rules) {
  const Node* issuer = claims.find("iss");
  if (issuer == nullptr || !is_string(*issuer, rules.issuer)) return errors::issuer();
  const Node* audience = claims.find("aud");
  if (audience == nullptr) return errors::audience();
  const auto is_us = [&](const Node& node) { return is_string(node, rules.audience); };
  const bool named =
      is_us(*audience) || (audience->kind == Node::Kind::kList &&
                           std::any_of(audience->items.begin(), audience->items.end(), is_us));
  return named ? Status() : errors::audience();
}

Status add_roles(const Node* node, std::string_view name, std::vector<Grant>& grants) {
  if (node == nullptr) return {};
  const auto add = [&](const Node& item) {
    if (item.kind != Node::Kind::kString) return false;
    if (const auto role = parse_role(item.spelling)) grants.push_back({*role, "*", "*"});
    return true;
  };
  const bool understood = node->kind == Node::Kind::kList
                              ? std::all_of(node->items.begin(), node->items.end(), add)
                              : add(*node);
  return understood
             ? Status()
             : errors::malformed(fmt::format("{} is neither a string nor a list of them", name));
}

Result<std::vector<Grant>> grants_of(const Node& claims) {
  std::vector<Grant> grants;
  if (const Node* list = claims.find("grants")) {
    auto read = read_grants(*list);
    if (!read) return errors::malformed(read.error().message);
    grants = std::move(*read);
  }
  SLUICE_CHECK(add_roles(claims.find("role"), "role", grants));
  SLUICE_CHECK(add_roles(claims.find("roles"), "roles", grants));
  return grants;
}

}  // namespace

Result<Verified> judge_claims(const Node& claims, const ClaimRules& rules, TimePoint now) {
  if (claims.kind != Node::Kind::kMap) return errors::malformed("its claims are not an object");
  Verified verified{};
  SLUICE_CHECK(check_times(claims, rules, now, verified.expires_at));
  SLUICE_CHECK(check_origin(claims, rules));
  SLUICE_TRY(std::string subject, read_id(claims, "sub", ""));
  // Names of service tokens are ours to give: an identity provider must not hand one out.
  if (subject.empty() || subject.starts_with(kServicePrincipalPrefix)) {
    return errors::malformed("sub does not name a person");
  }
  SLUICE_TRY(std::string owner, read_id(claims, "owner", subject));
  SLUICE_TRY(std::string token_id, read_id(claims, "jti", ""));
  SLUICE_TRY(auto grants, grants_of(claims));
  verified.principal = std::make_shared<Principal>(
      Principal{std::move(subject), std::move(owner), std::move(token_id), std::move(grants)});
  return verified;
}

}  // namespace sluice::auth
