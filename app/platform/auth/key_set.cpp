#include "platform/auth/key_set.h"

#include <fmt/format.h>

#include <array>

#include "platform/auth/base64url.h"
#include "platform/core/text.h"
#include "platform/text/json.h"

namespace sluice::auth {
namespace {

using text::Node;

Error wrong(const Node& at, std::string_view path, std::string message, std::string fix) {
  return {ErrorKind::kInvalid,
          "auth.jwks",
          fmt::format("The key set can't be used: {}: {}", path, message),
          fix,
          {{std::string(path), "jwks", message, fix, at.mark.line, at.mark.column}}};
}

std::string_view text_of(const Node& key, std::string_view member) {
  const Node* node = key.find(member);
  return node != nullptr && node->kind == Node::Kind::kString ? std::string_view(node->spelling)
                                                              : std::string_view{};
}

std::optional<Algorithm> algorithm_of(const Node& key) {
  const auto type = text_of(key, "kty");
  const auto curve = text_of(key, "crv");
  if (type == "OKP" && curve == "Ed25519") return Algorithm::kEdDsa;
  if (type == "EC" && curve == "P-256") return Algorithm::kEs256;
  if (type == "RSA") return Algorithm::kRs256;
  if (type == "oct") return Algorithm::kHs256;
  return std::nullopt;
}

// Whether the key's own words say that it is for what we would use it for.
bool is_ours(const Node& key, Algorithm algorithm) {
  const bool right_use = key.find("use") == nullptr || text_of(key, "use") == "sig";
  const bool right_algorithm =
      key.find("alg") == nullptr || text_of(key, "alg") == to_string(algorithm);
  return right_use && right_algorithm;
}

// A part that is missing or not base64url comes out empty, which no key accepts.
std::string part(const Node& key, std::string_view member) {
  return decode_base64url(text_of(key, member)).value_or("");
}

Result<VerificationKey> make_key(const Node& key, Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::kEdDsa: return VerificationKey::ed25519(part(key, "x"));
    case Algorithm::kRs256: return VerificationKey::rs256(part(key, "n"), part(key, "e"));
    case Algorithm::kEs256: return VerificationKey::es256(part(key, "x"), part(key, "y"));
    case Algorithm::kHs256: return VerificationKey::hs256(part(key, "k"));
  }
  return Error{};
}

}  // namespace

Result<KeySet> KeySet::parse(std::string_view jwks) {
  SLUICE_TRY(const Node document, text::parse_json(jwks));
  const Node* list = document.kind == Node::Kind::kMap ? document.find("keys") : nullptr;
  if (list == nullptr || list->kind != Node::Kind::kList) {
    return wrong(document, "keys", "There is no list of keys.",
                 "Write {\"keys\": [ … ]} as RFC 7517 says.");
  }
  KeySet set;
  for (std::size_t i = 0; i < list->items.size(); ++i) {
    const Node& item = list->items[i];
    const auto path = fmt::format("keys[{}]", i);
    if (item.kind != Node::Kind::kMap)
      return wrong(item, path, "It is not an object.", "Write a JWK.");
    const auto algorithm = algorithm_of(item);
    if (!algorithm || !is_ours(item, *algorithm)) continue;
    if (item.find("d") != nullptr) {
      return wrong(item, path, "It is a private key.",
                   "Put the public key here, and replace this pair.");
    }
    auto key = make_key(item, *algorithm);
    if (!key) return wrong(item, path, key.error().message, key.error().fix);
    if (!set.keys_.emplace(text_of(item, "kid"), std::move(*key)).second) {
      return wrong(item, path, "Another key has the same kid, or none either.",
                   "Give every key its own kid.");
    }
  }
  if (set.keys_.empty()) {
    return wrong(*list, "keys", "There is no key for EdDSA, RS256, ES256 or HS256.", "Add one.");
  }
  if (set.keys_.size() > 1 && set.keys_.contains("")) {
    return wrong(*list, "keys", "A key has no kid beside others.", "Give every key its own kid.");
  }
  return set;
}

const VerificationKey* KeySet::find(const std::optional<std::string>& kid) const {
  if (!kid) return keys_.size() == 1 ? &keys_.begin()->second : nullptr;
  const auto found = keys_.find(*kid);
  return found == keys_.end() || kid->empty() ? nullptr : &found->second;
}

}  // namespace sluice::auth
