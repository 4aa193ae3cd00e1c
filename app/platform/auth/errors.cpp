#include "platform/auth/errors.h"

#include <fmt/format.h>

namespace sluice::auth::errors {
namespace {

Error refused(std::string_view code, std::string message, std::string_view fix) {
  return {ErrorKind::kUnauthenticated, std::string(code), std::move(message), std::string(fix), {}};
}

constexpr std::string_view kNewToken =
    "Ask for a new token: sluice token issue, or your identity provider.";
constexpr std::string_view kForThisServer =
    "Use a token that was issued for this server; the operator finds issuer, audience and keys "
    "under "
    "`auth` in the configuration.";

}  // namespace

Error missing() {
  return refused("auth.missing", "The request carries no bearer token.",
                 "Send the header `authorization: Bearer <token>`.");
}

Error malformed(std::string_view why) {
  return refused("auth.malformed", fmt::format("The token can't be read: {}.", why), kNewToken);
}

Error algorithm() {
  return refused("auth.algorithm", "The token is not signed with the algorithm of its key.",
                 kForThisServer);
}

Error signature() {
  return refused("auth.signature", "The token's signature does not match its content.",
                 kForThisServer);
}

Error unknown() { return refused("auth.unknown", "The token is not known here.", kForThisServer); }

Error expired() { return refused("auth.expired", "The token has expired.", kNewToken); }

Error not_yet_valid() {
  return refused("auth.not-yet-valid", "The token is not valid yet.",
                 "Wait until it is, or compare the clocks of the issuer and of this server.");
}

Error issuer() {
  return refused("auth.issuer", "The token comes from another issuer.", kForThisServer);
}

Error audience() {
  return refused("auth.audience", "The token was issued for another audience.", kForThisServer);
}

Error revoked() { return refused("auth.revoked", "The token has been revoked.", kNewToken); }

Error keys_missing(std::string_view folder, std::string_view why) {
  return {ErrorKind::kUnavailable,
          "keys.missing",
          fmt::format("The signing keys in '{}' can't be used: {}.", folder, why),
          "The operator mends the folder that auth.signing_keys names, or makes a key: sluice keys generate.",
          {}};
}

Error signature_invalid() {
  return refused("signature.invalid", "The signature does not match what is signed.",
                 "Take the signed text as it was given out.");
}

Error signature_unknown_key() {
  return refused("signature.unknown-key", "What is signed names a key that is not known here.",
                 "Was it signed by this installation? Old keys stay in the folder of auth.signing_keys.");
}

Error store_unavailable() {
  return {ErrorKind::kUnavailable,
          "auth.unavailable",
          "The token can't be checked now: the token store does not answer.",
          "Try again; the operator finds the cause at /health/ready.",
          {}};
}

}  // namespace sluice::auth::errors
