// Which environments a change of the policies touches; what is unclear touches (design §4: four eyes
// have no back door).
#include "governance/application/policies/policy_projection.h"

#include <gtest/gtest.h>

namespace sluice::governance::application {
namespace {

using domain::EnvironmentName;

const Json kBase = Json::parse(R"({
  "kind": "PolicySet", "version": "1", "environments": ["dev", "prod"],
  "rules": [{"rule": "naming.pattern", "pattern": "a"},
            {"rule": "guardrail.retention", "scope": {"environments": ["dev"]}, "max": "3d"},
            {"rule": "delete.has-data", "severity": {"default": "warn", "prod": "block"}}],
  "modes": [{"mode": "dry-run", "environments": ["dev"]}],
  "approvals": {"required": {"default": 1, "prod": 2}},
  "exemptions": []})");

struct Row {
  const char* why;
  const char* patch;  // RFC 6902
  std::vector<std::string> touched;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.why; }

class Touches : public testing::TestWithParam<Row> {};
TEST_P(Touches, These) {
  const Json changed = kBase.patch(Json::parse(GetParam().patch));
  std::vector<std::string> touched;
  for (const auto& one : touched_environments(kBase, changed, {EnvironmentName("dev"), EnvironmentName("prod")})) {
    touched.push_back(one.str());
  }
  EXPECT_EQ(touched, GetParam().touched);
}

const std::vector<std::string> kNone;
const std::vector<std::string> kDev{"dev"};
const std::vector<std::string> kProd{"prod"};
const std::vector<std::string> kBoth{"dev", "prod"};

INSTANTIATE_TEST_SUITE_P(
    Policies, Touches,
    testing::Values(
        Row{"its name", R"([{"op": "replace", "path": "/version", "value": "2"}])", kNone},
        Row{"a rule of everywhere", R"([{"op": "replace", "path": "/rules/0/pattern", "value": "b"}])", kBoth},
        Row{"a rule of dev", R"([{"op": "replace", "path": "/rules/1/max", "value": "4d"}])", kDev},
        Row{"a rule leaves dev for prod",
            R"([{"op": "replace", "path": "/rules/1/scope/environments", "value": ["prod"]}])", kBoth},
        Row{"a rule goes to prod as well",
            R"([{"op": "replace", "path": "/rules/1/scope/environments", "value": ["dev", "prod"]}])", kProd},
        Row{"a severity of prod", R"([{"op": "replace", "path": "/rules/2/severity/prod", "value": "warn"}])", kProd},
        Row{"a severity of the rest", R"([{"op": "replace", "path": "/rules/2/severity/default", "value": "observe"}])", kDev},
        Row{"a dated severity", R"([{"op": "replace", "path": "/rules/2/severity", "value": {"level": "block", "from": "2027-01-01"}}])",
            kBoth},
        Row{"a mode of dev", R"([{"op": "replace", "path": "/modes/0/mode", "value": "apply"}])", kDev},
        Row{"a mode of everywhere", R"([{"op": "add", "path": "/modes/-", "value": {"mode": "apply"}}])", kBoth},
        Row{"approvals of prod", R"([{"op": "replace", "path": "/approvals/required/prod", "value": 1}])", kProd},
        Row{"approvals of the rest", R"([{"op": "replace", "path": "/approvals/required/default", "value": 3}])", kDev},
        Row{"the share of deletes", R"([{"op": "add", "path": "/approvals/deletes", "value": {"above": "50%"}}])", kBoth},
        Row{"an exemption", R"([{"op": "add", "path": "/exemptions/-", "value": {"name": "n"}}])", kBoth},
        Row{"a time zone", R"([{"op": "add", "path": "/timezone", "value": "Europe/Berlin"}])", kBoth},
        Row{"an environment", R"([{"op": "add", "path": "/environments/-", "value": "stg"}])", kBoth},
        Row{"what nobody has heard of", R"([{"op": "add", "path": "/later", "value": 1}])", kBoth},
        Row{"a rule is gone", R"([{"op": "remove", "path": "/rules/0"}])", kBoth}));

}  // namespace
}  // namespace sluice::governance::application
