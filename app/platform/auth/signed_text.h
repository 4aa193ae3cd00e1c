// A text with its signature, compact enough for a header: <mark>.<text>.<key id>.<signature>, the last
// three in base64url. What is signed is everything before the last dot, so a text that was signed for
// one purpose, its mark, is nothing for another.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "platform/auth/signing_keys.h"

namespace sluice::auth {

// keys.missing (kUnavailable) without a key.
Result<std::string> sign_text(const SigningKeys& keys, std::string_view mark, std::string_view text);

using SignatureCheck = std::function<Status(std::string_view message, const Signature& signature)>;
// The text. kUnauthenticated (signature.invalid, signature.unknown-key) when it was not signed so, or
// has not exactly this form; the check's own error otherwise.
Result<std::string> read_signed_text(std::string_view mark, std::string_view signed_text,
                                     const SignatureCheck& check);

}  // namespace sluice::auth
