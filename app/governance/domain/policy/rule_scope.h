// Where something in a policy holds. Every part that is named has to match; an empty one matches all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/topic/names.h"

namespace sluice::governance::domain {

struct RuleScope {
  std::vector<EnvironmentName> environments;
  std::vector<std::string> topics = {};  // globs over the whole name
  std::vector<std::string> owners = {};  // metadata.owner, on record or as the batch names it

  [[nodiscard]] bool holds_in(const EnvironmentName& env) const;
  [[nodiscard]] bool holds_for(const TopicName& topic) const;
  [[nodiscard]] bool holds_for_owner(std::string_view owner) const;
};

bool matches_any_glob(const std::vector<std::string>& globs, std::string_view name);

}  // namespace sluice::governance::domain
