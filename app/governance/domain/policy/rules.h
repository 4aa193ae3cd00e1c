// The kinds of rules that a policy document can hold, each a pure check over one planned topic. To
// add one: its maker here, its row in the reader's table, its rows in the test table, its docs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/policy/policy.h"

namespace sluice::governance::domain {

// What every rule of a document has.
struct RuleHeader {
  RuleScope scope;
  RuleSeverity severity;
};

struct Bounds {
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
};

Rule naming_pattern(RuleHeader header, PatternMatcher matches, std::string pattern);
// Prefixes count behind the environment's prefix too: "tmp." forbids "tmp.x" and "prod.tmp.x".
Rule forbidden_prefixes(RuleHeader header, std::vector<std::string> prefixes,
                        std::vector<EnvironmentName> environments);
// A reserved word is a whole name or its first part, with or without the environment's prefix.
Rule reserved_words(RuleHeader header, std::vector<std::string> words,
                    std::vector<EnvironmentName> environments);
Rule replication_factor_bounds(RuleHeader header, Bounds bounds);
Rule min_insync_bounds(RuleHeader header, Bounds bounds);
// Milliseconds. −1 (keep for ever) meets every minimum and no maximum. Topics that are only
// compacted are not judged: time does not delete from them.
Rule retention_bounds(RuleHeader header, Bounds bounds);
Rule default_compression(RuleHeader header, std::string value);
// `teams` is by metadata.owner; a bound that a team does not name is the general one.
Rule partition_bounds(RuleHeader header, Bounds bounds, std::map<std::string, Bounds> teams);

}  // namespace sluice::governance::domain
