#include "governance/application/changes/planned_subjects.h"

#include <algorithm>

#include "governance/application/policies/manage_policies.h"

namespace sluice::governance::application {
namespace {

constexpr const char* kAll = "*";

// A document that does not say what it touches may touch everything.
std::vector<Subject> touched_by(const Json& document) {
  std::vector<Subject> subjects;
  for (const Json& name : document.value("touched", Json::array())) {
    subjects.push_back({domain::EnvironmentName(name.is_string() ? name.get<std::string>() : kAll), kAll});
  }
  if (subjects.empty()) subjects.push_back({domain::EnvironmentName(kAll), kAll});
  return subjects;
}

}  // namespace

std::vector<Subject> planned_subjects(const domain::EnvironmentName& environment, const Json& document) {
  if (document.value("kind", "") == kPoliciesPlan) return touched_by(document);
  const auto plan = document.find("plan");
  if (plan == document.end() || !plan->is_array() || plan->empty()) return {{environment, kAll}};
  std::vector<Subject> subjects;
  subjects.reserve(plan->size());
  for (const Json& item : *plan) subjects.push_back({environment, item.value("name", kAll)});
  return subjects;
}

const Subject* first_not_allowed(const Caller& caller, Right right, const std::vector<Subject>& subjects) {
  const auto found = std::find_if(subjects.begin(), subjects.end(), [&](const Subject& subject) {
    return !caller.may(right, subject.environment.view(), subject.name);
  });
  return found == subjects.end() ? nullptr : &*found;
}

bool is_blocked(const Json& document) {
  const auto summary = document.find("summary");
  return summary != document.end() && summary->value("block", 0) > 0;
}

}  // namespace sluice::governance::application
