// One connection of our own to a real broker, without librdkafka before it: who gets in, and what one
// hears who does not.
#include <gmock/gmock.h>

#include "integration/kafka/cluster_fixture.h"
#include "platform/kafka/wire/session.h"
#include "support/servers.h"

namespace sluice::kafka::wire {
namespace {

using test::soon;
using ::testing::HasSubstr;
using ::testing::Not;

Address address_of(const char* key) {
  const std::string server = sluice::test::test_server(key);
  const auto colon = server.rfind(':');
  return {server.substr(0, colon), std::stoi(server.substr(colon + 1))};
}

Result<LogDirs> ask(const Properties& properties, const Address& address, Deadline deadline = soon()) {
  SLUICE_TRY(auto security, read_security(properties));
  SLUICE_TRY(auto session, Session::open({std::move(security), "sluice/test"}, address, deadline));
  SLUICE_TRY(const std::string body, session.call(kDescribeLogDirs, encode_describe_log_dirs(), deadline));
  return decode_describe_log_dirs(body);
}

struct Way {
  const char* label;
  const char* mechanism;
  const char* user;
  const char* password;
};
class SaslSession : public ::testing::TestWithParam<Way> {
 protected:
  static Properties properties(const std::string& password) {
    return {{"security.protocol", "SASL_PLAINTEXT"},
            {"sasl.mechanisms", GetParam().mechanism},
            {"sasl.username", GetParam().user},
            {"sasl.password", password}};
  }
};

TEST_P(SaslSession, LetsTheRightPasswordIn) {
  const auto answer = ask(properties(GetParam().password), address_of("SLUICE_TEST_KAFKA_SASL"));
  EXPECT_TRUE(answer) << answer.error().describe();
}

TEST_P(SaslSession, TellsAWrongPasswordAndNeverShowsIt) {
  const auto refused = ask(properties("wrong-secret-42"), address_of("SLUICE_TEST_KAFKA_SASL"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.authentication") << refused.error().describe();
  EXPECT_THAT(refused.error().describe(), Not(HasSubstr("wrong-secret-42")));
  EXPECT_THAT(refused.error().fix, HasSubstr("sasl.password"));
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, SaslSession,
                         ::testing::Values(Way{"plain", "PLAIN", "bob", "bob-secret"},
                                           Way{"scram256", "SCRAM-SHA-256", "alice", "alice-secret"},
                                           Way{"scram512", "SCRAM-SHA-512", "alice", "alice-secret"}),
                         [](const auto& tested) { return tested.param.label; });

Properties tls() {
  const auto folder = sluice::test::test_server("SLUICE_TEST_TLS_DIR");
  return {{"security.protocol", "ssl"},
          {"ssl.ca.location", folder + "/ca.pem"},
          {"ssl.certificate.location", folder + "/client.pem"},
          {"ssl.key.location", folder + "/client.key"}};
}

TEST(TlsSession, AClientCertificateGetsIn) {
  const auto answer = ask(tls(), address_of("SLUICE_TEST_KAFKA_TLS"));
  EXPECT_TRUE(answer) << answer.error().describe();
}

struct Flaw {
  const char* label;
  const char* property;
  const char* value;  // null: removed; "ca" and "client": the file of that name
  const char* code;
};
class TlsRefusal : public ::testing::TestWithParam<Flaw> {};
TEST_P(TlsRefusal, IsNamed) {
  auto properties = tls();
  properties.erase(GetParam().property);
  if (GetParam().value != nullptr) {
    std::string value = GetParam().value;
    if (value == "client.pem") value = sluice::test::test_server("SLUICE_TEST_TLS_DIR") + "/" + value;
    properties[GetParam().property] = value;
  }
  const auto refused = ask(properties, address_of("SLUICE_TEST_KAFKA_TLS"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, GetParam().code) << refused.error().describe();
}
INSTANTIATE_TEST_SUITE_P(
    Flaws, TlsRefusal,
    ::testing::Values(Flaw{"no_certificate", "ssl.certificate.location", nullptr, "kafka.tls"},
                      Flaw{"unknown_authority", "ssl.ca.location", "client.pem", "kafka.tls"},
                      Flaw{"missing_authority", "ssl.ca.location", "/nowhere/ca.pem", "kafka.config"},
                      Flaw{"missing_key", "ssl.key.location", "/nowhere/client.key", "kafka.config"},
                      Flaw{"revocation_list", "ssl.crl.location", "/nowhere/crl.pem", "kafka.unsupported-feature"}),
    [](const auto& tested) { return tested.param.label; });

TEST(TlsSession, AnotherHostsCertificateIsNotTrusted) {
  const auto address = address_of("SLUICE_TEST_KAFKA_TLS");
  const auto refused = ask(tls(), {"127.0.0.2", address.port});
  ASSERT_FALSE(refused);
  // The broker listens on 127.0.0.1 only, or shows a certificate that is not for 127.0.0.2.
  EXPECT_TRUE(refused.error().code == "kafka.tls" || refused.error().code == "kafka.unreachable")
      << refused.error().describe();
}

TEST(PlainSession, NobodyThereIsUnreachable) {
  const auto refused = ask({}, {"127.0.0.1", 1}, Deadline::after(std::chrono::seconds{2}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.unreachable");
  EXPECT_THAT(refused.error().message, HasSubstr("Connection refused"));
}

// A TLS listener answers plain text with an alert of its own, which is no answer of Kafka's.
TEST(PlainSession, AnotherProtocolIsABadAnswer) {
  const auto refused = ask({}, address_of("SLUICE_TEST_KAFKA_TLS"), Deadline::after(std::chrono::seconds{5}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.bad-answer") << refused.error().describe();
}

}  // namespace
}  // namespace sluice::kafka::wire
