#include "governance/application/policies/comparison.h"

#include <set>

#include <fmt/format.h>

#include "governance/application/plan_json.h"

namespace sluice::governance::application {
namespace {

using domain::Violation;

constexpr std::size_t kMaxListed = 1000;

// A violation is another one when its severity is: from observe to block is a change.
std::string key_of(const Violation& violation) {
  return fmt::format("{}\n{}\n{}\n{}", violation.name.str(), violation.rule, domain::to_string(violation.severity),
                     violation.field);
}

}  // namespace

void Comparison::add_those_missing(const std::vector<Violation>& all, const std::vector<Violation>& known,
                                   const Json& origin, List& list) {
  std::set<std::string> keys;
  for (const Violation& one : known) keys.insert(key_of(one));
  for (const Violation& one : all) {
    if (keys.contains(key_of(one))) continue;
    if (++list.count > kMaxListed) continue;
    Json json = origin;
    json.update(violation_to_json(one));
    list.items.push_back(std::move(json));
  }
}

void Comparison::add(const std::vector<Violation>& before, const std::vector<Violation>& after, const Json& origin) {
  add_those_missing(after, before, origin, failing_);
  add_those_missing(before, after, origin, passing_);
}

void Comparison::write(Json& json) const {
  json["newlyFailing"] = failing_.items;
  json["newlyFailingCount"] = failing_.count;
  json["newlyPassing"] = passing_.items;
  json["newlyPassingCount"] = passing_.count;
}

}  // namespace sluice::governance::application
