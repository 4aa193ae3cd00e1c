#include "platform/auth/signed_text.h"

#include <vector>

#include "platform/auth/base64url.h"
#include "platform/auth/errors.h"
#include "platform/core/text.h"

namespace sluice::auth {
namespace {

constexpr std::size_t kMostBytes = 24 * 1024;  // it travels in a header

}  // namespace

// The key's id is part of what is signed, so the newest key is asked twice: once for its name.
Result<std::string> sign_text(const SigningKeys& keys, std::string_view mark, std::string_view text) {
  std::string head = std::string(mark) + "." + encode_base64url(text);
  SLUICE_TRY(const std::string key_id, keys.signer());
  head += "." + encode_base64url(key_id);
  SLUICE_TRY(const Signature signature, keys.sign_as(key_id, head));
  return head + "." + encode_base64url(signature.bytes);
}

Result<std::string> read_signed_text(std::string_view mark, std::string_view signed_text,
                                     const SignatureCheck& check) {
  if (signed_text.size() > kMostBytes) return errors::signature_invalid();
  const std::vector<std::string> parts = split(signed_text, '.');
  if (parts.size() != 4 || parts[0] != mark) return errors::signature_invalid();
  auto text = decode_base64url(parts[1]);
  auto key_id = decode_base64url(parts[2]);
  auto bytes = decode_base64url(parts[3]);
  if (!text || !key_id || !bytes) return errors::signature_invalid();
  const std::string_view message = signed_text.substr(0, signed_text.rfind('.'));
  SLUICE_CHECK(check(message, {std::move(*key_id), std::move(*bytes)}));
  return std::move(*text);
}

}  // namespace sluice::auth
