#include "platform/kafka/wire/security.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "platform/core/text.h"

namespace sluice::kafka::wire {
namespace {

constexpr std::array<std::string_view, 10> kTlsProperties{
    "ssl.ca.location", "ssl.ca.pem",       "ssl.certificate.location",
    "ssl.key.location", "ssl.certificate.pem", "ssl.key.pem",
    "ssl.key.password", "ssl.endpoint.identification.algorithm", "enable.ssl.certificate.verification",
    "ssl.ca.certificate.stores"};  // Windows' own

std::string value_of(const Properties& properties, const std::string& name) {
  const auto found = properties.find(name);
  return found == properties.end() ? std::string() : found->second;
}

Error unsupported(std::string_view what) {
  return {ErrorKind::kUnsupported, "kafka.unsupported-feature",
          fmt::format("moving replicas and reading their sizes is not possible with {}", what),
          "use PLAIN or SCRAM, and PEM files, for this client", {}};
}

Result<Mechanism> read_mechanism(const Properties& properties) {
  std::string name = value_of(properties, "sasl.mechanisms");
  if (name.empty()) name = value_of(properties, "sasl.mechanism");
  for (const auto mechanism : {Mechanism::kPlain, Mechanism::kScramSha256, Mechanism::kScramSha512}) {
    if (name == to_string(mechanism)) return mechanism;
  }
  return unsupported("sasl.mechanism " + (name.empty() ? "GSSAPI" : printable(name)));
}

Result<Tls> read_tls(const Properties& properties) {
  for (const auto& [name, value] : properties) {
    const bool known = std::find(kTlsProperties.begin(), kTlsProperties.end(), name) != kTlsProperties.end();
    if (name.starts_with("ssl.") && !known && !value.empty()) return unsupported(name);
  }
  Tls tls;
  tls.authorities = {value_of(properties, "ssl.ca.location"), value_of(properties, "ssl.ca.pem")};
  if (tls.authorities.file == "probe") tls.authorities.file.clear();
  tls.certificate = {value_of(properties, "ssl.certificate.location"), value_of(properties, "ssl.certificate.pem")};
  tls.key = {value_of(properties, "ssl.key.location"), value_of(properties, "ssl.key.pem")};
  tls.key_password = value_of(properties, "ssl.key.password");
  tls.verify_peer = value_of(properties, "enable.ssl.certificate.verification") != "false";
  tls.verify_host = value_of(properties, "ssl.endpoint.identification.algorithm") != "none";
  return tls;
}

}  // namespace

std::string_view to_string(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kPlain: return "PLAIN";
    case Mechanism::kScramSha256: return "SCRAM-SHA-256";
    case Mechanism::kScramSha512: return "SCRAM-SHA-512";
  }
  return "PLAIN";
}

Result<Security> read_security(const Properties& properties) {
  const std::string protocol = to_lower(value_of(properties, "security.protocol"));
  Security security;
  if (protocol == "ssl" || protocol == "sasl_ssl") {
    SLUICE_TRY(security.tls, read_tls(properties));
  }
  if (protocol.starts_with("sasl_")) {
    SLUICE_TRY(const Mechanism mechanism, read_mechanism(properties));
    security.sasl = Sasl{mechanism, value_of(properties, "sasl.username"), value_of(properties, "sasl.password")};
  }
  return security;
}

}  // namespace sluice::kafka::wire
