#include "governance/application/policies/policy_errors.h"

#include <fmt/format.h>

namespace sluice::governance::application::errors {

Error no_policies() {
  return {ErrorKind::kUnavailable, "policy.none", "The database holds no policies yet.",
          "Wait until the server has stored the first ones; look at its log when it doesn't.", {}};
}

Error unreadable_policies(std::int64_t version, const Error& why) {
  return {ErrorKind::kInternal, "policy.unreadable",
          fmt::format("Version {} of the policies can't be read by this program: {}", version, why.message),
          "Run a program that is no older than the one that stored it.", why.problems};
}

Error policy_version_not_found(std::int64_t version) {
  return {ErrorKind::kNotFound, "policy.version-not-found", fmt::format("The policies have no version {}.", version),
          "GET /v1/policies/history lists those there are.", {}};
}

Error policy_precondition_required() {
  return {ErrorKind::kConflict, "policy.precondition-required", "A change of the policies has to say from which version it starts.",
          "Send the ETag of GET /v1/policies as If-Match.", {}};
}

Error policy_precondition_failed(std::int64_t newest) {
  return {ErrorKind::kConflict, "policy.precondition-failed",
          fmt::format("The policies have changed since: version {} is in force.", newest),
          "Read them again, make your change there, and send it with the new ETag.", {}};
}

Error policy_version_taken() {
  return {ErrorKind::kConflict, "policy.version-taken", "Somebody else changed the policies at the same time.",
          "Read them again, make your change there, and send it with the new ETag.", {}};
}

Error not_a_policy_change() {
  return {ErrorKind::kConflict, "policy.other-change", "What was approved is no change of the policies.",
          "Present the token of the policies' own change.", {}};
}

Error another_document_approved() {
  return {ErrorKind::kConflict, "policy.other-document", "Another document than this one was approved.",
          "Send the approved document, or have this one approved.", {}};
}

}  // namespace sluice::governance::application::errors
