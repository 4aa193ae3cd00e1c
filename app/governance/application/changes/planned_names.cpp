#include "governance/application/changes/planned_names.h"

#include <algorithm>

namespace sluice::governance::application {

std::vector<std::string> planned_names(const Json& document) {
  const auto plan = document.find("plan");
  if (plan == document.end() || !plan->is_array() || plan->empty()) return {"*"};
  std::vector<std::string> names;
  names.reserve(plan->size());
  for (const Json& item : *plan) names.push_back(item.value("name", "*"));
  return names;
}

std::string first_not_allowed(const Caller& caller, Right right, const domain::EnvironmentName& environment,
                              const std::vector<std::string>& names) {
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return !caller.may(right, environment.view(), name);
  });
  return found == names.end() ? "" : *found;
}

bool is_blocked(const Json& document) {
  const auto summary = document.find("summary");
  return summary != document.end() && summary->value("block", 0) > 0;
}

}  // namespace sluice::governance::application
