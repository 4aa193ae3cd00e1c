#include "platform/auth/jwt.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "platform/auth/base64url.h"
#include "platform/auth/errors.h"
#include "platform/core/assert.h"
#include "platform/core/text.h"
#include "platform/text/json.h"

namespace sluice::auth {
namespace {

using text::Node;

constexpr text::Limits kLimits{.bytes = kMaxTokenBytes, .depth = 8};

// header.claims.signature, as they stand in the token.
struct Parts {
  std::string_view header;
  std::string_view claims;
  std::string_view signature;
  std::string_view signed_text;  // header.claims
};

std::optional<Parts> take_apart(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1), token.substr(0, second)};
}

Result<Node> read_object(std::string_view encoded, std::string_view what) {
  const auto why = [&](std::string_view reason) {
    return errors::malformed(fmt::format("{} {}", what, reason));
  };
  const auto json = decode_base64url(encoded);
  if (!json) return why("is not base64url");
  auto node = text::parse_json(*json, kLimits);
  if (!node) return why("is not strict JSON");
  if (node->kind != Node::Kind::kMap) return why("is not an object");
  return node;
}

struct Header {
  std::string algorithm;
  std::optional<std::string> key_id;
};

bool is_known_type(std::string_view type) {
  auto lower = to_lower(type);
  if (lower.starts_with("application/")) lower.erase(0, std::string_view("application/").size());
  return lower == "jwt" || lower == "at+jwt";
}

bool is_known_algorithm(std::string_view name) {
  constexpr std::array kAll = {Algorithm::kEdDsa, Algorithm::kRs256, Algorithm::kEs256,
                               Algorithm::kHs256};
  return std::any_of(kAll.begin(), kAll.end(),
                     [&](Algorithm known) { return to_string(known) == name; });
}

Result<Header> read_header(std::string_view encoded) {
  SLUICE_TRY(const Node node, read_object(encoded, "its header"));
  if (node.find("crit") != nullptr) return errors::malformed("its header has critical extensions");
  const Node* type = node.find("typ");
  if (type != nullptr && (type->kind != Node::Kind::kString || !is_known_type(type->spelling))) {
    return errors::malformed("typ is neither JWT nor at+jwt");
  }
  Header header;
  const Node* algorithm = node.find("alg");
  if (algorithm == nullptr || algorithm->kind != Node::Kind::kString)
    return errors::malformed("alg is not a string");
  header.algorithm = algorithm->spelling;
  if (!is_known_algorithm(header.algorithm)) return errors::algorithm();
  if (const Node* key_id = node.find("kid")) {
    if (key_id->kind != Node::Kind::kString) return errors::malformed("kid is not a string");
    header.key_id = key_id->spelling;
  }
  return header;
}

}  // namespace

JwtVerifier::JwtVerifier(KeySource keys, ClaimRules rules, const Clock& clock)
    : keys_(std::move(keys)), rules_(std::move(rules)), clock_(clock) {
  SLUICE_ASSERT(!rules_.issuer.empty() && !rules_.audience.empty());
}

Result<Verified> JwtVerifier::verify(std::string_view token, Deadline) {
  if (token.size() > kMaxTokenBytes) return errors::malformed("it is longer than 8 KiB");
  const auto parts = take_apart(token);
  if (!parts) return errors::malformed("it does not have three parts");
  SLUICE_TRY(const Header header, read_header(parts->header));
  const auto keys = keys_();
  const VerificationKey* key = keys->find(header.key_id);
  if (key == nullptr) return errors::unknown();
  if (header.algorithm != to_string(key->algorithm())) return errors::algorithm();
  const auto signature = decode_base64url(parts->signature);
  if (!signature) return errors::malformed("its signature is not base64url");
  if (!key->verify(parts->signed_text, *signature)) return errors::signature();
  SLUICE_TRY(const Node claims, read_object(parts->claims, "its payload"));
  return judge_claims(claims, rules_, clock_.now());
}

}  // namespace sluice::auth
