// What the readers of a policy document's parts share.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/policy/policy.h"
#include "governance/domain/policy/rule_header.h"
#include "governance/infrastructure/policy/time_zone.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::infrastructure::policy {

inline constexpr std::size_t kMaxEnvironments = 20;

struct Context {
  domain::PolicySet& policies;
  std::vector<Problem>& problems;
  TimeZone zone;  // of `policies.timezone`

  void add(const text::Node& at, std::string path, std::string rule, std::string message, std::string fix = "");
};

// "a, b, c"
std::string listed(std::span<const std::string_view> names);
std::vector<std::string_view> environment_names(const Context& context);

// The environments that the field names, each one of the document's.
std::vector<domain::EnvironmentName> read_environments(Context& context, text::MapReader& reader);
// `topics`: globs over the whole name.
std::vector<std::string> read_topics(text::MapReader& reader, std::string_view field);
// "2027-01-31" (its first moment in the policies' time zone) or RFC 3339.
std::optional<TimePoint> read_moment(Context& context, text::MapReader& reader, std::string_view field);
// "7d", "12h", or milliseconds; not negative.
std::optional<std::int64_t> read_duration(Context& context, text::MapReader& reader, std::string_view field);
// "5%" or 5.
std::optional<int> read_percent(Context& context, text::MapReader& reader, std::string_view field);

// id, scope, severity, message and fix.
domain::RuleHeader read_header(Context& context, text::MapReader& rule, domain::Severity usual);

}  // namespace sluice::governance::infrastructure::policy
