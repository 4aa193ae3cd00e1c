// Each kind of rule as its author writes it, against one planned topic: what it says, and to what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "governance/domain/plan/plan_test_support.h"
#include "governance/infrastructure/policy_reader.h"
#include "platform/text/yaml.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::deletion;
using domain::item;
using domain::live;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Rules = std::vector<std::string>;

domain::PolicySet read(const std::string& rules, const std::string& rest = "") {
  const auto document = text::parse_yaml(fmt::format(
      "kind: PolicySet\nversion: \"1\"\nenvironments: [dev, prod]\ntimezone: Europe/Berlin\nrules:\n  - {}\n{}", rules, rest));
  EXPECT_TRUE(document.has_value()) << (document ? "" : document.error().describe());
  auto policies = read_policy_set(*document);
  EXPECT_TRUE(policies.has_value()) << (policies ? "" : policies.error().problems.at(0).message);
  return std::move(*policies);
}

domain::TopicItem owned(domain::TopicItem topic, std::string owner) {
  topic.metadata.owner = std::move(owner);
  return topic;
}

struct Row {
  const char* rule;
  domain::TopicItem asked;
  Rules expected;
};
void PrintTo(const Row& row, std::ostream* out) { *out << row.rule; }

// prod.old exists with 3 partitions of 3 replicas and a segment.ms of its own.
class RuleKind : public testing::TestWithParam<Row> {};
TEST_P(RuleKind, Judges) {
  const auto& row = GetParam();
  const auto state = domain::cluster({{"prod.old", live(3, 3, {{"segment.ms", "1000"}})}});
  EXPECT_EQ(domain::rules_of(domain::planned(domain::batch("prod", {row.asked}), state, read(row.rule))), row.expected);
}

constexpr const char* kBounds = "{rule: config.bounds, key: max.message.bytes, max: 2MiB}";
constexpr const char* kDays = "{rule: config.bounds, key: delete.retention.ms, min: 1d, max: 7d}";
constexpr const char* kRequired = "{rule: config.required, keys: [retention.ms]}";
constexpr const char* kForbidden = "{rule: config.forbidden, keys: [segment.ms, preallocate]}";
constexpr const char* kDefault = "{rule: config.default, key: retention.ms, value: 3d}";
constexpr const char* kMetadata = "{rule: metadata.required, fields: [owner]}";
constexpr const char* kReplicas =
    "{rule: guardrail.replication-factor, min: 3, teams: {lab: {min: 1}}}";

INSTANTIATE_TEST_SUITE_P(
    Configs, RuleKind,
    testing::Values(
        Row{kBounds, item("prod.a", 1, {{"max.message.bytes", "3MiB"}}), {"config.bounds block"}},
        Row{kBounds, item("prod.a", 1, {{"max.message.bytes", "2MiB"}}), {}}, Row{kBounds, item("prod.a", 1), {}},
        Row{kDays, item("prod.a", 1, {{"delete.retention.ms", "-1"}}), {"config.bounds block"}},
        Row{kDays, item("prod.a", 1, {{"delete.retention.ms", "12h"}}), {"config.bounds block"}},
        Row{kDays, item("prod.a", 1, {{"delete.retention.ms", "7d"}}), {}},
        Row{kRequired, item("prod.a", 1), {"config.required block"}},
        Row{kRequired, item("prod.a", 1, {{"retention.ms", "7d"}}), {}},
        Row{kRequired, item("prod.old", 6), {"config.required warn"}},
        Row{kForbidden, item("prod.a", 1, {{"segment.ms", "7d"}}), {"config.forbidden block"}},
        Row{kForbidden, item("prod.a", 1), {}}, Row{kForbidden, item("prod.old", 6), {"config.forbidden warn"}},
        Row{kForbidden, item("prod.old", {}, {{"segment.ms", std::nullopt}}), {}},
        Row{kDefault, item("prod.a", 1), {}},
        Row{kDefault, item("prod.a", 1, {{"retention.ms", "4d"}}), {"config.default warn"}}));

INSTANTIATE_TEST_SUITE_P(
    People, RuleKind,
    testing::Values(Row{kMetadata, item("prod.a", 1), {"metadata.required block"}},
                    Row{kMetadata, owned(item("prod.a", 1), "me"), {}},
                    Row{kMetadata, item("prod.old", 6), {"metadata.required warn"}}, Row{kMetadata, deletion("prod.old"), {}},
                    Row{kReplicas, owned([] { auto i = item("prod.a", 1); i.replication_factor = 1; return i; }(), "lab"), {}},
                    Row{kReplicas, [] { auto i = item("prod.a", 1); i.replication_factor = 1; return i; }(),
                        {"guardrail.replication-factor block"}}));

INSTANTIATE_TEST_SUITE_P(
    Scopes, RuleKind,
    testing::Values(Row{"{rule: forbid.prefix, prefixes: [x], scope: {names: ['prod.b*']}}", item("prod.x", 1), {}},
                    Row{"{rule: forbid.prefix, prefixes: [x], scope: {names: ['prod.x*']}}", item("prod.x", 1), {"forbid.prefix block"}},
                    Row{"{rule: forbid.prefix, prefixes: [x], scope: {owners: [a]}}", item("prod.x", 1), {}},
                    Row{"{rule: forbid.prefix, prefixes: [x], scope: {owners: [a]}}", owned(item("prod.x", 1), "a"),
                        {"forbid.prefix block"}},
                    Row{"{id: no-x, rule: forbid.prefix, prefixes: [x]}", item("prod.x", 1), {"no-x block"}}));

// --- owners: the record counts, and what the batch says as well -----------------------------------------

struct Owned {
  const char* rule;
  const char* on_record;  // empty: nobody
  domain::TopicItem asked;
  Rules expected;
};
void PrintTo(const Owned& row, std::ostream* out) {
  *out << row.rule << " on record: " << row.on_record << " said: " << row.asked.metadata.owner.value_or("-");
}

// prod.old exists with 3 partitions; prod.new does not.
class OwnersOf : public testing::TestWithParam<Owned> {};
TEST_P(OwnersOf, AreThoseOnRecordAndTheNewOnes) {
  const auto& row = GetParam();
  auto state = domain::cluster({{"prod.old", live(3, 3)}});
  if (*row.on_record != 0) state.declared[row.asked.name].owner = row.on_record;
  const auto policies = read(row.rule);
  EXPECT_EQ(domain::rules_of(domain::planned(domain::batch("prod", {row.asked}), state, policies)), row.expected);
}

constexpr const char* kOfPayments = "{id: keep, rule: delete.protected, topics: ['*'], scope: {owners: [payments]}}";
constexpr const char* kOnlyWarns =
    "{id: keep, rule: delete.protected, topics: ['*'], severity: warn, scope: {owners: [payments]}}";
constexpr const char* kTeams = "{id: width, rule: guardrail.partitions, max: 10, teams: {small: {max: 5}, wide: {max: 50}}}";
constexpr const char* kOwnersDefault =
    "{id: zip, rule: config.default, key: compression.type, value: zstd, severity: warn, scope: {owners: [payments]}}";

INSTANTIATE_TEST_SUITE_P(
    Scopes, OwnersOf,
    testing::Values(Owned{kOfPayments, "payments", deletion("prod.old"), {"keep block"}},
                    Owned{kOfPayments, "payments", owned(deletion("prod.old"), "orders"), {"keep block"}},
                    Owned{kOfPayments, "orders", deletion("prod.old"), {}},
                    Owned{kOfPayments, "orders", owned(deletion("prod.old"), "payments"), {"keep block"}},
                    // Nobody knows: to be sure.
                    Owned{kOfPayments, "", deletion("prod.old"), {"keep block"}},
                    Owned{kOfPayments, "", owned(deletion("prod.old"), "orders"), {"keep block"}},
                    Owned{kOnlyWarns, "", deletion("prod.old"), {}},
                    Owned{kOnlyWarns, "payments", deletion("prod.old"), {"keep warn"}}));

INSTANTIATE_TEST_SUITE_P(
    Teams, OwnersOf,
    testing::Values(Owned{kTeams, "small", item("prod.old", 8), {"width block"}},
                    Owned{kTeams, "small", owned(item("prod.old", 8), "wide"), {"width block"}},
                    Owned{kTeams, "wide", owned(item("prod.old", 8), "small"), {"width block"}},
                    Owned{kTeams, "wide", item("prod.old", 40), {}},
                    Owned{kTeams, "wide", owned(item("prod.old", 60), "wide"), {"width block"}},
                    Owned{kTeams, "", owned(item("prod.old", 40), "wide"), {"width block"}},
                    Owned{kTeams, "", owned(item("prod.new", 40), "wide"), {}}));

// Deleted behind our back, it is still theirs.
INSTANTIATE_TEST_SUITE_P(
    Defaults, OwnersOf,
    testing::Values(Owned{kOwnersDefault, "payments", item("prod.new", 1), {}},
                    Owned{kOwnersDefault, "", owned(item("prod.new", 1, {{"compression.type", "gzip"}}), "payments"), {"zip warn"}},
                    Owned{kOwnersDefault, "payments", item("prod.new", 1, {{"compression.type", "gzip"}}), {"zip warn"}},
                    Owned{kOwnersDefault, "", item("prod.new", 1), {}}));

TEST(Owners, GiveTheirDefaultsByTheRecord) {
  auto state = domain::cluster();
  state.declared[domain::TopicName("prod.new")].owner = "payments";
  const auto plan = domain::planned(domain::batch("prod", {item("prod.new", 1)}), state, read(kOwnersDefault));
  EXPECT_EQ(plan.items[0].intended.set.at("compression.type"), "zstd");
}

TEST(Owners, AreSaidToBeUnknown) {
  const auto state = domain::cluster({{"prod.old", live(3, 3)}});
  const auto plan = domain::planned(domain::batch("prod", {deletion("prod.old")}), state, read(kOfPayments));
  ASSERT_EQ(plan.violations.size(), 1U);
  EXPECT_THAT(plan.violations[0].message, testing::HasSubstr("no owner of the topic is on record"));
}

// --- deletes (M7: no delete without a look at what protects the topic) ---------------------------------

struct Use {
  const char* rule;
  std::optional<std::int64_t> records;
  std::optional<std::int32_t> members;
  Rules expected;
};
void PrintTo(const Use& use, std::ostream* out) { *out << use.rule << " " << use.records.value_or(-1); }

class Deletes : public testing::TestWithParam<Use> {};
TEST_P(Deletes, AreProtected) {
  const auto& use = GetParam();
  auto state = domain::cluster({{"prod.old", live(3, 3)}});
  const domain::TopicName name("prod.old");
  if (use.records) state.records[name] = *use.records;
  if (use.members) state.groups[name] = {{"billing", "Stable", *use.members}};
  EXPECT_EQ(domain::rules_of(domain::planned(domain::batch("prod", {deletion("prod.old")}), state, read(use.rule))),
            use.expected);
}
INSTANTIATE_TEST_SUITE_P(
    Protection, Deletes,
    testing::Values(
        Use{"{rule: delete.has-data}", 1, {}, {"delete.has-data block"}}, Use{"{rule: delete.has-data}", 0, {}, {}},
        // Not read: protected.
        Use{"{rule: delete.has-data}", {}, {}, {"delete.has-data block"}},
        Use{"{rule: delete.has-data, severity: {prod: warn}}", 1, {}, {"delete.has-data warn"}},
        Use{"{rule: delete.has-consumers}", {}, 2, {"delete.has-consumers block"}},
        Use{"{rule: delete.has-consumers}", {}, 0, {}},
        Use{"{rule: delete.has-consumers}", {}, {}, {"delete.has-consumers block"}},
        Use{"{rule: delete.protected, topics: ['*.old']}", 0, 0, {"delete.protected block"}},
        Use{"{rule: delete.protected, topics: ['*.new']}", 0, 0, {}},
        // A reserved name can't be cleaned away; one that only begins like it can.
        Use{"{rule: naming.reserved, words: [old]}", 0, 0, {"naming.reserved block"}},
        Use{"{rule: delete.share, max: 100%}", 0, 0, {}},
        Use{"{rule: delete.share, max: 50%, severity: {dev: observe}}", 0, 0, {"delete.share block"}}));

TEST(DeleteProtection, AsksOnlyForWhatItHasToKnow) {
  const auto state = domain::cluster({{"prod.old", live(3, 3)}, {"prod.kept", live(3, 3)}});
  const auto asked = domain::batch("prod", {deletion("prod.old"), deletion("prod.kept"), item("prod.a", 1)});
  const auto policies = read("{rule: delete.has-data, scope: {names: [prod.old]}}");
  EXPECT_THAT(domain::topics_whose_records_matter(domain::planned(asked, state, policies)),
              ElementsAre(domain::TopicName("prod.old")));
  EXPECT_THAT(domain::topics_whose_groups_matter(domain::planned(asked, state, policies)), IsEmpty());
}

TEST(DeleteProtection, IsLiftedByAnExemption) {
  const auto state = domain::cluster({{"prod.old", live(3, 3)}});
  const auto policies = read("{id: keep-data, rule: delete.has-data}",
                             "exemptions:\n  - {name: n, rules: [keep-data], topics: [prod.old], owner: o, reason: r, "
                             "expires: never}\n");
  EXPECT_THAT(domain::rules_of(domain::planned(domain::batch("prod", {deletion("prod.old")}), state, policies)), IsEmpty());
}

// --- severity with dates (G27), in the policies' time zone ----------------------------------------------

domain::Severity severity_at(const std::string& severity, const char* env, const char* now) {
  const auto policies = read("{rule: forbid.prefix, prefixes: [x], severity: " + severity + "}");
  return policies.rules.at(0).severity.for_environment(domain::EnvironmentName(env)).at(*parse_rfc3339(now));
}

TEST(Severity, ComesIntoForceAtMidnightOfThePoliciesTimeZone) {
  const std::string steps = "{default: warn, prod: [observe, {level: warn, from: 2026-12-01}, {level: block, from: 2027-01-01}]}";
  EXPECT_EQ(severity_at(steps, "prod", "2026-11-30T22:59:59Z"), domain::Severity::kObserve);
  EXPECT_EQ(severity_at(steps, "prod", "2026-11-30T23:00:00Z"), domain::Severity::kWarn);
  EXPECT_EQ(severity_at(steps, "prod", "2026-12-31T22:59:59.999Z"), domain::Severity::kWarn);
  EXPECT_EQ(severity_at(steps, "prod", "2026-12-31T23:00:00Z"), domain::Severity::kBlock);
  EXPECT_EQ(severity_at(steps, "dev", "2027-12-31T23:00:00Z"), domain::Severity::kWarn);
}

TEST(Severity, OnlyObservesBeforeItsFirstDate) {
  EXPECT_EQ(severity_at("{level: block, from: 2027-01-01}", "prod", "2026-01-01T00:00:00Z"), domain::Severity::kObserve);
}

// --- modes and approvals --------------------------------------------------------------------------------

TEST(Mode, IsThatOfTheLastEntryThatMatches) {
  const auto policies = read("{rule: delete.has-data}",
                             "modes:\n  - {mode: read-only, environments: [prod]}\n"
                             "  - {mode: dry-run, environments: [prod], topics: ['prod.orders.*']}\n"
                             "  - {mode: apply, environments: [prod], topics: ['prod.orders.eu.*'], from: 2027-01-01}\n");
  const auto mode = [&](const char* env, const char* topic, const char* now) {
    return policies.mode_for(domain::EnvironmentName(env), domain::TopicName(topic), *parse_rfc3339(now));
  };
  EXPECT_EQ(mode("dev", "dev.a", "2026-01-01T00:00:00Z"), domain::Mode::kApply);
  EXPECT_EQ(mode("prod", "prod.a", "2026-01-01T00:00:00Z"), domain::Mode::kReadOnly);
  EXPECT_EQ(mode("prod", "prod.orders.eu.a", "2026-12-31T22:59:00Z"), domain::Mode::kDryRun);
  EXPECT_EQ(mode("prod", "prod.orders.eu.a", "2026-12-31T23:00:00Z"), domain::Mode::kApply);
}

TEST(Approvals, GrowWithTheShareOfDeletes) {
  const auto policies = read("{rule: forbid.prefix, prefixes: [x]}",
                             "approvals: {required: {default: 1, prod: 2}, deletes: {above: 50%, extra: 3}, ttl: 2h}\n");
  const auto state = domain::cluster({{"prod.a", live(3, 3)}, {"prod.b", live(3, 3)}});
  const auto needed = [&](std::vector<domain::TopicItem> items) {
    return policies.approvals.required(domain::planned(domain::batch("prod", std::move(items)), state, policies));
  };
  EXPECT_EQ(needed({item("prod.c", 1)}), 2);
  EXPECT_EQ(needed({item("prod.c", 1), deletion("prod.a")}), 2);
  EXPECT_EQ(needed({item("prod.c", 1), deletion("prod.a"), deletion("prod.b")}), 5);
  // What changes nothing does not thin out the deletes.
  EXPECT_EQ(needed({item("prod.a", 3), deletion("prod.b")}), 5);
  EXPECT_EQ(policies.approvals.required(domain::EnvironmentName("dev")), 1);
  EXPECT_EQ(policies.approvals.ttl, std::chrono::hours{2});
}

}  // namespace
}  // namespace sluice::governance::infrastructure
