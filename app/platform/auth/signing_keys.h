// The Ed25519 keys with which this installation signs what it has decided: approvals and audit
// checkpoints. One folder, one PEM file (PKCS#8) a key, named <key id>.pem; the newest signs, all
// verify, so that keys rotate and old signatures still count. <key id>.pub.pem is a key that only
// verifies. Key ids begin with the time of their making, so the newest is the last by name. Every
// process of an installation has the same folder. Thread-safe; reading the folder blocks on the disk.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/clock.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::auth {

struct Signature {
  std::string key_id;
  std::string bytes;  // 64, raw
};

struct SigningKeyInfo {
  std::string id;
  bool signs = false;     // the one that signs now
  bool can_sign = false;  // its private half is here
};

class SigningKeys {
 public:
  // Reads the folder anew when it has changed (looked at once a second at most); a folder that can't
  // be read or holds no key is keys.missing (kUnavailable), told at each use and not at the start.
  explicit SigningKeys(std::string folder, const Clock& clock);
  ~SigningKeys();
  SigningKeys(const SigningKeys&) = delete;
  SigningKeys& operator=(const SigningKeys&) = delete;

  Result<Signature> sign(std::string_view message) const;
  // The id of the key that signs now; with that key, for who has to sign its name, too.
  Result<std::string> signer() const;
  Result<Signature> sign_as(std::string_view key_id, std::string_view message) const;
  // kUnauthenticated (signature.invalid, signature.unknown-key) when it does not hold.
  Status verify(std::string_view message, const Signature& signature) const;
  // The public halves as a JWKS document: what an offline verification needs.
  Result<Json> public_keys() const;
  // The newest first.
  Result<std::vector<SigningKeyInfo>> list() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Makes a new current key in the folder (created when absent, 0700; the file 0600). Its id. kConflict
// (keys.clock) when the newest key there is younger than now: the new one would not sign.
Result<std::string> generate_signing_key(const std::string& folder, const Clock& clock);
// Whether the folder holds no key at all, or is not there.
bool has_no_signing_key(const std::string& folder);
// Verifies with the keys of a JWKS document, as public_keys() gave it.
Status verify_with_jwks(const Json& jwks, std::string_view message, const Signature& signature);

}  // namespace sluice::auth
