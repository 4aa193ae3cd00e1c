// Rules about what a topic is to people: who answers for it, and what may not be deleted. Pure checks.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/policy/rule_header.h"

namespace sluice::governance::domain {

enum class MetadataField : std::uint8_t { kOwner, kDoc, kSla, kTags };
std::string_view to_string(MetadataField field);  // "owner", "doc", "sla", "tags"

// On record or said by the batch, where that says something about the topic: a delete needs no metadata.
Rule required_metadata(RuleHeader header, std::vector<MetadataField> fields);

// Against deleting. What was not read counts as there: protection never fails open.
Rule protected_names(RuleHeader header, std::vector<std::string> globs);
Rule protect_data(RuleHeader header);
Rule protect_consumers(RuleHeader header);

}  // namespace sluice::governance::domain
