#include "governance/application/plan_digest.h"

#include <array>
#include <string_view>

#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"

namespace sluice::governance::application {
namespace {

// Members of an item that its digest does not cover.
constexpr std::array<std::string_view, 4> kUndigested{"consumerGroups", "declared", "lost", "moves"};
// And of a violation: messages may name who reads a topic just now.
constexpr std::array<std::string_view, 2> kWording{"message", "fix"};

void append_object(std::string& out, const Json& object, std::span<const std::string_view> without) {
  if (!out.empty()) out.push_back(',');
  if (object.is_object()) {
    append_canonical_object(out, object, without);
  } else {
    out += canonical_json(object);
  }
}

void append_member(std::string& out, const Json& envelope, const char* name) {
  const auto found = envelope.find(name);
  if (found == envelope.end()) return;
  append_canonical_string(out, name);
  out += ":" + canonical_json(*found) + ",";
}

}  // namespace

void PlanDigest::add_item(const Json& item) { append_object(items_, item, kUndigested); }

void PlanDigest::add_violation(const Json& violation) { append_object(violations_, violation, kWording); }

// Members in canonical order.
std::string PlanDigest::of(const Json& envelope) && {
  std::string text = "{";
  for (const char* name : {"changeId", "clusterId", "env"}) append_member(text, envelope, name);
  text += "\"plan\":[" + std::move(items_) + "],";
  append_member(text, envelope, "policy");
  text += "\"violations\":[" + std::move(violations_) + "]}";
  return sha256_hex(text);
}

std::string document_digest(const Json& document) {
  PlanDigest digest;
  if (!document.is_object()) return std::move(digest).of(Json::object());
  if (const auto plan = document.find("plan"); plan != document.end() && plan->is_array()) {
    for (const Json& item : *plan) digest.add_item(item);
  }
  if (const auto violations = document.find("violations"); violations != document.end() && violations->is_array()) {
    for (const Json& violation : *violations) digest.add_violation(violation);
  }
  return std::move(digest).of(document);
}

}  // namespace sluice::governance::application
