// How a connection of our own is protected, from the same properties as librdkafka's.
#pragma once

#include <optional>
#include <string>

#include "platform/core/result.h"
#include "platform/kafka/client_config.h"

namespace sluice::kafka::wire {

// A PEM text or the file that holds it; neither: not configured.
struct Pem {
  std::string file;
  std::string text;

  [[nodiscard]] bool empty() const { return file.empty() && text.empty(); }
};

struct Tls {
  Pem authorities;  // empty: the system's; a file may be a folder
  Pem certificate;
  Pem key;
  std::string key_password;
  bool verify_peer = true;
  bool verify_host = true;
};

enum class Mechanism : std::uint8_t { kPlain, kScramSha256, kScramSha512 };
std::string_view to_string(Mechanism mechanism);  // "PLAIN", "SCRAM-SHA-256", …

struct Sasl {
  Mechanism mechanism = Mechanism::kPlain;
  std::string user;
  std::string password;
};

struct Security {
  std::optional<Tls> tls;
  std::optional<Sasl> sasl;
};

// kafka.unsupported-feature for what librdkafka can and this can't (Kerberos, OAUTHBEARER,
// keystores, revocation lists): nothing that protects a connection is left out silently.
Result<Security> read_security(const Properties& properties);

}  // namespace sluice::kafka::wire
