// The kinds of rules that a policy document can hold, each a pure check over one planned topic. To
// add one: its maker here, its row in the reader's table, its rows in the test table, its docs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/policy/rule_header.h"

namespace sluice::governance::domain {

Rule naming_pattern(RuleHeader header, PatternMatcher matches, std::string pattern);
// Prefixes count behind the environment's prefix too: "tmp." forbids "tmp.x" and "prod.tmp.x".
Rule forbidden_prefixes(RuleHeader header, std::vector<std::string> prefixes,
                        std::vector<EnvironmentName> environments);
// A reserved word is a whole name or its first part, with or without the environment's prefix. A topic
// whose whole name it is can't be deleted either.
Rule reserved_words(RuleHeader header, std::vector<std::string> words,
                    std::vector<EnvironmentName> environments);
// `teams` is by metadata.owner; a bound that a team does not name is the general one.
using TeamBounds = std::map<std::string, Bounds, std::less<>>;
Rule replication_factor_bounds(RuleHeader header, Bounds bounds, TeamBounds teams = {});
Rule min_insync_bounds(RuleHeader header, Bounds bounds);
// Milliseconds. −1 (keep for ever) meets every minimum and no maximum. Topics that are only
// compacted are not judged: time does not delete from them.
Rule retention_bounds(RuleHeader header, Bounds bounds);
Rule default_compression(RuleHeader header, std::string value);
Rule partition_bounds(RuleHeader header, Bounds bounds, TeamBounds teams);

}  // namespace sluice::governance::domain
