// Kafka 4.3's topic configs as the broker defines them (LogConfig): what it takes, in which order it
// looks, its own words, how it writes a value back. Told from the broker's behaviour, not from our
// planner's tables, so that the two can disagree.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::test::model {

using Configs = std::map<std::string, std::string, std::less<>>;

// What the broker applies to a topic that sets nothing, on a broker that sets nothing.
const Configs& kafka_defaults();

// The broker's words when a topic must not have these configs; nothing when it may.
std::optional<std::string> refusal_of(const Configs& configs);

// "7 " → "7", "delete,delete" → "delete", "1" → "1.0" of a decimal: as DescribeConfigs prints it.
// Precondition: the broker takes the value.
std::string shown_value(std::string_view key, std::string_view stored);

}  // namespace sluice::test::model
