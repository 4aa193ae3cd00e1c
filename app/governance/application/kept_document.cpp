#include "governance/application/kept_document.h"

#include "governance/application/apply/apply_errors.h"
#include "governance/application/plan_digest.h"
#include "governance/application/policies/manage_policies.h"
#include "platform/core/canonical_json.h"

namespace sluice::governance::application {
namespace {

std::string digest_of(const Json& document) {
  const bool of_policies = document.is_object() && document.contains("kind") && document["kind"] == kPoliciesPlan;
  if (!of_policies) return document_digest(document);
  Json policies = document;
  policies.erase("digest");
  return json_digest(policies);
}

}  // namespace

Result<Json> read_kept_document(const domain::ChangeId& change, std::string_view digest, const std::string& text) {
  Json document = Json::parse(text, nullptr, false);
  if (digest_of(document) != digest) return errors::tampered(change);
  return document;
}

}  // namespace sluice::governance::application
