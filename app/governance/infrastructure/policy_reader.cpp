#include "governance/infrastructure/policy_reader.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "governance/infrastructure/policy/reading.h"
#include "governance/infrastructure/policy/rule_kinds.h"
#include "governance/infrastructure/policy/sections.h"
#include "platform/core/canonical_json.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::PolicySet;
using policy::Context;
using text::MapReader;
using text::Node;

constexpr std::array<std::string_view, 1> kKinds{"PolicySet"};
constexpr std::size_t kMaxRules = 200;
constexpr std::size_t kMaxModes = 200;

bool is_environment_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void read_known_environments(Context& context, MapReader& reader) {
  reader.required("environments");
  const text::StringRule rule{
      .max = 32, .matches = is_environment_name, .expected = "lower-case letters, digits and '-'"};
  for (auto& name : reader.strings("environments", {.min = 1, .max = policy::kMaxEnvironments}, rule)) {
    context.policies.environments.emplace_back(std::move(name));
  }
}

void read_timezone(Context& context, MapReader& reader) {
  auto name = reader.string("timezone", {.max = 64});
  if (!name) return;
  auto zone = TimeZone::load(*name);
  if (zone) {
    context.zone = std::move(*zone);
  } else {
    context.add(*reader.find("timezone"), reader.path_of("timezone"), "choice", zone.error().message, zone.error().fix);
  }
  context.policies.timezone = std::move(*name);
}

Error invalid(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::pair(a.line, a.column) < std::pair(b.line, b.column);
  });
  return {ErrorKind::kInvalid, "policy.invalid",
          problems.size() == 1
              ? "the policy document has one problem"
              : fmt::format("the policy document has {} problems", problems.size()),
          "mend what `problems` lists", std::move(problems)};
}

}  // namespace

Result<PolicySet> read_policy_set(const Node& document) {
  std::vector<Problem> problems;
  PolicySet policies;
  SLUICE_TRY(auto utc, TimeZone::load("UTC"));
  Context context{policies, problems, std::move(utc)};
  MapReader reader(document, "", problems);
  const auto each = [&](void (*read)(Context&, const Node&, const std::string&)) {
    return [&context, read](const Node& node, const std::string& path) { read(context, node, path); };
  };
  reader.required_choice("kind", kKinds);
  policies.version = reader.required_string("version", {.max = 100});
  read_known_environments(context, reader);
  read_timezone(context, reader);
  reader.required("rules");
  reader.list("rules", {.max = kMaxRules}, each(policy::read_rule));
  reader.list("exemptions", {}, each(policy::read_exemption));
  reader.list("modes", {.max = kMaxModes}, each(policy::read_mode));
  policy::read_approvals(context, reader);
  reader.finish();
  if (!problems.empty()) return invalid(std::move(problems));
  policies.digest = json_digest(text::to_json(document));
  return policies;
}

}  // namespace sluice::governance::infrastructure
