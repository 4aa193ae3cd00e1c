#include "platform/kafka/client_config.h"

#include <gmock/gmock.h>

#include "platform/kafka/admin.h"

namespace sluice::kafka {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

Properties with(Properties more) {
  more.try_emplace("bootstrap.servers", "127.0.0.1:1");
  more.try_emplace("group.id", "g");
  return more;
}

struct Case {
  const char* label;
  ClientKind kind;
  Properties properties;
  const char* field;
  const char* rule;
  const char* words;
  const char* fix;
};

class WrongProperties : public ::testing::TestWithParam<Case> {};

TEST_P(WrongProperties, AreNamed) {
  const auto checked = check_properties(GetParam().kind, with(GetParam().properties));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, "kafka.config");
  EXPECT_EQ(checked.error().kind, ErrorKind::kInvalid);
  ASSERT_THAT(checked.error().problems, SizeIs(1));
  const auto& problem = checked.error().problems[0];
  EXPECT_EQ(problem.field, GetParam().field);
  EXPECT_EQ(problem.rule, GetParam().rule);
  EXPECT_THAT(problem.message, HasSubstr(GetParam().words));
  EXPECT_THAT(problem.fix, HasSubstr(GetParam().fix));
}

constexpr auto kAdmin = ClientKind::kAdmin;
constexpr auto kProducer = ClientKind::kProducer;
constexpr auto kConsumer = ClientKind::kConsumer;

INSTANTIATE_TEST_SUITE_P(
    Table, WrongProperties,
    ::testing::Values(
        Case{"slip", kAdmin, {{"sasl.mechanim", "PLAIN"}}, "properties.sasl.mechanim",
             "unknown-property", "No such configuration property", "did you mean \"sasl.mechanism"},
        Case{"unknown", kAdmin, {{"no.such.thing.at.all", "1"}}, "properties.no.such.thing.at.all",
             "unknown-property", "No such configuration property", "CONFIGURATION.md"},
        Case{"number", kProducer, {{"linger.ms", "soon"}}, "properties.linger.ms", "invalid-value",
             "linger.ms", ""},
        Case{"range", kProducer, {{"linger.ms", "-5"}}, "properties.linger.ms", "invalid-value",
             "outside allowed range", ""},
        Case{"enum", kProducer, {{"compression.codec", "rar"}}, "properties.compression.codec",
             "invalid-value", "rar", ""},
        Case{"callback", kAdmin, {{"log_cb", "x"}}, "properties.log_cb", "invalid-value", "log_cb", ""},
        Case{"auto_commit", kConsumer, {{"enable.auto.commit", "true"}},
             "properties.enable.auto.commit", "fixed-property", "after their effect", "remove it"},
        Case{"auto_store", kConsumer, {{"enable.auto.offset.store", "true"}},
             "properties.enable.auto.offset.store", "fixed-property", "after their effect", "remove it"},
        Case{"eager", kConsumer, {{"partition.assignment.strategy", "range"}},
             "properties.partition.assignment.strategy", "fixed-property", "incremental", "remove it"},
        Case{"acks", kProducer, {{"acks", "1"}}, "properties.acks", "fixed-property",
             "every in-sync replica", "remove it"},
        Case{"idempotence", kProducer, {{"enable.idempotence", "false"}},
             "properties.enable.idempotence", "fixed-property", "duplicate", "remove it"},
        Case{"transactions", kProducer, {{"transactional.id", "t"}}, "properties.transactional.id",
             "fixed-property", "commit point is the database", "remove it"},
        Case{"empty_transactions", kProducer, {{"transactional.id", ""}},
             "properties.transactional.id", "fixed-property", "commit point", "remove it"},
        Case{"auto_create", kConsumer, {{"allow.auto.create.topics", "true"}},
             "properties.allow.auto.create.topics", "fixed-property", "applied plan", "remove it"},
        Case{"plugins", kAdmin, {{"plugin.library.paths", "evil"}}, "properties.plugin.library.paths",
             "fixed-property", "foreign code", "remove it"},
        Case{"no_servers", kAdmin, {{"bootstrap.servers", ""}}, "properties.bootstrap.servers",
             "required", "missing", "set"},
        Case{"no_group", kConsumer, {{"group.id", ""}}, "properties.group.id", "required", "missing",
             "set"}),
    [](const auto& tested) { return tested.param.label; });

TEST(ClientConfig, TellsEveryWrongPropertyAtOnce) {
  const auto checked = check_properties(kProducer, {{"linger.ms", "x"}, {"acks", "0"}, {"nope", ""}});
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().problems, SizeIs(4)) << "and bootstrap.servers";
  EXPECT_THAT(checked.error().message, HasSubstr("(and 3 more)"));
}

TEST(ClientConfig, SayingWhatHoldsAnywayIsAllowed) {
  EXPECT_TRUE(check_properties(kProducer, with({{"acks", "-1"}, {"enable.idempotence", "true"}})));
  EXPECT_TRUE(check_properties(kConsumer, with({{"enable.auto.commit", "false"}})));
}

TEST(ClientConfig, EverythingElseOfTheLibraryPasses) {
  EXPECT_TRUE(check_properties(kProducer, with({{"compression.type", "zstd"},
                                                {"linger.ms", "0"},
                                                {"security.protocol", "sasl_ssl"},
                                                {"sasl.mechanism", "SCRAM-SHA-512"},
                                                {"sasl.username", "u"},
                                                {"sasl.password", "p"},
                                                {"ssl.ca.location", "/etc/ssl/ca.pem"},
                                                {"client.id", "mine"}})));
}

TEST(ClientConfig, NeverShowsTheValueOfASecret) {
  const auto checked = check_properties(kAdmin, with({{"sasl.passwort", "hunter2-secret"},
                                                      {"ssl.key.password", "hunter3-secret"},
                                                      {"sasl.password.nope", "hunter4-secret"}}));
  ASSERT_FALSE(checked);
  for (const auto& problem : checked.error().problems) {
    EXPECT_THAT(problem.message + problem.fix, Not(HasSubstr("hunter")));
  }
}

TEST(ClientConfig, AClientOfWrongPropertiesIsNotMade) {
  metrics::Registry registry;
  const auto admin = Admin::open({{{"bootstrap.servers", "127.0.0.1:1"}, {"foo", "1"}}, "test", registry});
  ASSERT_FALSE(admin);
  EXPECT_EQ(admin.error().code, "kafka.config");
}

}  // namespace
}  // namespace sluice::kafka
