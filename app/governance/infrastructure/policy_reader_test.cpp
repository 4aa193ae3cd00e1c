#include "governance/infrastructure/policy_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "platform/text/yaml.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::EnvironmentName;
using domain::Severity;
using domain::TopicName;

std::string file(const std::string& path) {
  std::ifstream stream(path);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

Result<domain::PolicySet> read(const std::string& yaml) {
  auto document = text::parse_yaml(yaml);
  EXPECT_TRUE(document.has_value()) << (document ? "" : document.error().describe());
  return read_policy_set(*document);
}

std::string with_rule(const std::string& rule) {
  return "kind: PolicySet\nversion: \"1\"\nenvironments: [dev, prod]\nrules:\n  - " + rule + "\n";
}
std::string with_exemption(const std::string& exemption) {
  return "kind: PolicySet\nversion: \"1\"\nenvironments: [dev, prod]\nrules: []\nexemptions:\n  "
         "- " +
         exemption + "\n";
}

TEST(PolicyReader, ReadsTheDefaultPolicies) {
  const auto policies = read(file("config/policies/default.yaml"));
  ASSERT_TRUE(policies.has_value()) << policies.error().describe();
  EXPECT_EQ(policies->rules.size(), 12U);
  EXPECT_EQ(policies->defaults.size(), 1U);
  EXPECT_TRUE(
      policies->exempt("naming.pattern", TopicName("domain.permission-changed.dlq"), TimePoint{}));
  EXPECT_FALSE(
      policies->exempt("forbid.prefix", TopicName("domain.permission-changed"), TimePoint{}));
  EXPECT_EQ(policies->digest.size(), 64U);
}

TEST(PolicyReader, DigestsWhatTheDocumentMeansNotHowItIsWritten) {
  const auto a = read(with_rule("{rule: naming.pattern, pattern: a}"));
  const auto b = read(with_rule("# a comment\n    pattern: 'a'\n    rule: \"naming.pattern\""));
  const auto c = read(with_rule("{rule: naming.pattern, pattern: b}"));
  ASSERT_TRUE(a && b && c);
  EXPECT_EQ(a->digest, b->digest);
  EXPECT_NE(a->digest, c->digest);
}

TEST(PolicyReader, ReadsScopeAndSeverityByEnvironment) {
  const auto policies =
      read(with_rule("{rule: naming.pattern, pattern: a, scope: {environments: [prod]}, severity: "
                     "{default: warn, prod: block}}"));
  ASSERT_TRUE(policies.has_value()) << policies.error().describe();
  const auto& rule = policies->rules.at(0);
  EXPECT_TRUE(rule.scope.holds_in(EnvironmentName("prod")));
  EXPECT_FALSE(rule.scope.holds_in(EnvironmentName("dev")));
  EXPECT_EQ(rule.severity.for_environment(EnvironmentName("prod")).at(TimePoint{}), Severity::kBlock);
  EXPECT_EQ(rule.severity.for_environment(EnvironmentName("dev")).at(TimePoint{}), Severity::kWarn);
}

TEST(PolicyReader, ReadsAnExpiryAsDateOrTime) {
  const auto policies = read(with_exemption(
      "{name: n, rules: [naming.pattern], topics: [x], owner: o, reason: r, expires: 2027-01-31}"));
  ASSERT_TRUE(policies.has_value()) << policies.error().describe();
  EXPECT_EQ(policies->exemptions[0].expires, parse_rfc3339("2027-01-31T00:00:00Z"));
}

struct Row {
  std::string document;
  std::string field;
  std::string rule;
};
class RefusedPolicy : public testing::TestWithParam<Row> {};
TEST_P(RefusedPolicy, NamesFieldRuleAndPlace) {
  const auto& row = GetParam();
  const auto policies = read(row.document);
  ASSERT_FALSE(policies.has_value()) << row.document;
  EXPECT_EQ(policies.error().code, "policy.invalid");
  ASSERT_EQ(policies.error().problems.size(), 1U) << policies.error().problems[1].message;
  const auto& problem = policies.error().problems[0];
  EXPECT_EQ(problem.field, row.field);
  EXPECT_EQ(problem.rule, row.rule);
  EXPECT_GT(problem.line, 0);
  EXPECT_FALSE(problem.message.empty());
}
INSTANTIATE_TEST_SUITE_P(
    PolicyReader, RefusedPolicy,
    testing::Values(
        Row{with_rule("{rule: naming.patern, pattern: a}"), "rules[0].rule", "choice"},
        Row{with_rule("{rule: naming.pattern, patern: a, pattern: a}"), "rules[0].patern",
            "unknown-field"},
        Row{with_rule("{rule: naming.pattern}"), "rules[0].pattern", "required"},
        Row{with_rule("{rule: naming.pattern, pattern: '(a+)+$'}"), "rules[0].pattern", "pattern"},
        Row{with_rule("{rule: naming.pattern, pattern: '('}"), "rules[0].pattern", "pattern"},
        Row{with_rule("{rule: naming.pattern, pattern: '" + std::string(201, 'a') + "'}"),
            "rules[0].pattern", "pattern"},
        Row{with_rule("{rule: naming.pattern, pattern: a, severity: fatal}"), "rules[0].severity",
            "choice"},
        Row{with_rule("{rule: naming.pattern, pattern: a, severity: {qa: warn}}"),
            "rules[0].severity.qa", "unknown-field"},
        Row{with_rule("{rule: naming.pattern, pattern: a, scope: {environments: [qa]}}"),
            "rules[0].scope.environments", "choice"},
        Row{with_rule("{rule: forbid.prefix}"), "rules[0].prefixes", "required"},
        Row{with_rule("{rule: guardrail.retention}"), "rules[0].min", "required"},
        Row{with_rule("{rule: guardrail.retention, min: soon}"), "rules[0].min", "type"},
        Row{with_rule("{rule: guardrail.retention, min: 7d, max: 3d}"), "rules[0].min", "range"},
        Row{with_rule("{rule: guardrail.replication-factor, min: '3'}"), "rules[0].min", "type"},
        Row{with_rule("{rule: guardrail.partitions, teams: {a: {mn: 1}}}"), "rules[0].teams.a.mn",
            "unknown-field"},
        Row{with_exemption("{name: n, rules: [naming.nope], topics: [x], owner: o, reason: r, expires: never}"),
            "exemptions[0].rules", "choice"},
        Row{with_exemption(
                "{name: n, rules: [partitions.decrease], topics: [x], owner: o, reason: r, expires: never}"),
            "exemptions[0].rules", "choice"},
        Row{with_exemption("{name: n, rules: [naming.pattern], topics: [x], owner: o, expires: never}"),
            "exemptions[0].reason", "required"},
        Row{with_exemption("{name: n, rules: [naming.pattern], topics: [x], owner: o, reason: r}"),
            "exemptions[0].expires", "required"},
        Row{with_exemption("{name: n, rules: [naming.pattern], topics: [x], owner: o, reason: r, expires: }"),
            "exemptions[0].expires", "required"},
        Row{with_exemption("{name: n, rules: [naming.pattern], topics: [x], owner: o, reason: r, "
                           "expires: tomorrow}"),
            "exemptions[0].expires", "pattern"},
        Row{with_rule("{rule: naming.pattern, pattern: a, id: naming.pattern}"), "rules[0].id", "duplicate"},
        Row{with_rule("{rule: naming.pattern, pattern: a, severity: [warn, observe]}"), "rules[0].severity[1]", "order"},
        Row{with_rule("{rule: naming.pattern, pattern: a, severity: {prod: {level: warn, form: 2027-01-01}}}"),
            "rules[0].severity.prod.form", "unknown-field"},
        Row{with_rule("{rule: naming.pattern, pattern: a, severity: {prod: {level: warn, from: soon}}}"),
            "rules[0].severity.prod.from", "pattern"},
        Row{with_rule("{rule: config.bounds, key: cleanup.policy, max: 3}"), "rules[0].key", "choice"},
        Row{with_rule("{rule: config.bounds, key: retention.ms, max: soon}"), "rules[0].max", "type"},
        Row{with_rule("{rule: metadata.required, fields: [ower]}"), "rules[0].fields", "choice"},
        Row{with_rule("{rule: delete.share, max: 101%}"), "rules[0].max", "type"},
        Row{with_rule("{rule: delete.share, max: 5%, scope: {names: [a]}}"), "rules[0].scope", "choice"},
        Row{with_rule("{rule: delete.has-data}") + "timezone: Europe/Atlantis\n", "timezone", "choice"},
        Row{with_rule("{rule: delete.has-data}") + "modes: [{mode: aply}]\n", "modes[0].mode", "choice"},
        Row{with_rule("{rule: delete.has-data}") + "approvals: {required: 0}\n", "approvals.required", "range"},
        Row{with_rule("{rule: delete.has-data}") + "approvals: {ttl: 8d}\n", "approvals.ttl", "range"},
        Row{"kind: TopicBatch\nversion: \"1\"\nenvironments: [dev]\nrules: []\n", "kind", "choice"},
        Row{"kind: PolicySet\nversion: 1\nenvironments: [dev]\nrules: []\n", "version", "type"},
        Row{"kind: PolicySet\nversion: \"1\"\nenvironments: []\nrules: []\n", "environments",
            "too-few"}));

}  // namespace
}  // namespace sluice::governance::infrastructure
