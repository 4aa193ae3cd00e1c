// Rules about any config key, by the key's name. Pure checks, as in rules.h.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/policy/rule_header.h"

namespace sluice::governance::domain {

// `key` is one of a number, a time or a size; bounds in ms or bytes. Negative times and sizes are
// unlimited: they meet every minimum and no maximum.
Rule config_bounds(RuleHeader header, std::string key, Bounds bounds);
// The topic itself has to set each key, whatever the broker would apply.
Rule required_config(RuleHeader header, std::vector<std::string> keys);
Rule forbidden_config(RuleHeader header, std::vector<std::string> keys);
// Watches a ConfigDefault: topics with another value are told.
Rule default_config(std::string_view kind, RuleHeader header, std::string key, std::string value);

}  // namespace sluice::governance::domain
