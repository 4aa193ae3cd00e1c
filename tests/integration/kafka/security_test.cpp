// SASL and TLS on the real broker, and what a client hears when it can't get in: the reason, in time.
#include <gmock/gmock.h>

#include <algorithm>
#include <vector>

#include "integration/kafka/cluster_fixture.h"
#include "platform/core/mutex.h"
#include "platform/kafka/producer.h"
#include "support/servers.h"

namespace sluice::kafka::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Keeps every line that a client logs.
class Lines final : public log::Sink {
 public:
  void write(std::string_view line) override {
    const MutexLock lock(mutex_);
    text_.append(line).append("\n");
  }
  std::string text() const {
    const MutexLock lock(mutex_);
    return text_;
  }

 private:
  mutable Mutex mutex_;
  std::string text_ SLUICE_GUARDED_BY(mutex_);
};

Properties sasl(const char* mechanism, const char* user, const char* password) {
  return {{"bootstrap.servers", sluice::test::test_server("SLUICE_TEST_KAFKA_SASL")},
          {"security.protocol", "SASL_PLAINTEXT"},
          {"sasl.mechanism", mechanism},
          {"sasl.username", user},
          {"sasl.password", password}};
}

Properties tls(bool with_certificate) {
  const auto folder = sluice::test::test_server("SLUICE_TEST_TLS_DIR");
  Properties properties{{"bootstrap.servers", sluice::test::test_server("SLUICE_TEST_KAFKA_TLS")},
                        {"security.protocol", "SSL"},
                        {"ssl.ca.location", folder + "/ca.pem"}};
  if (with_certificate) {
    properties["ssl.certificate.location"] = folder + "/client.pem";
    properties["ssl.key.location"] = folder + "/client.key";
  }
  return properties;
}

class SecurityTest : public ClusterTest {
 protected:
  Result<Cluster> ask(const Properties& properties,
                      Deadline deadline = Deadline::after(std::chrono::seconds{2})) {
    auto client = options("test-security", properties);
    client.logger = log::Logger(lines_, clock_, {log::Level::kDebug, log::Format::kJson});
    SLUICE_TRY(const auto admin, Admin::open(client));
    return admin->cluster(deadline);
  }

  SystemClock clock_;
  std::shared_ptr<Lines> lines_ = std::make_shared<Lines>();
};

struct Way {
  const char* label;
  const char* mechanism;
  const char* user;
  const char* password;
};

class SaslTest : public SecurityTest, public ::testing::WithParamInterface<Way> {};

TEST_P(SaslTest, LetsTheRightPasswordIn) {
  const auto& way = GetParam();
  const auto cluster = ask(sasl(way.mechanism, way.user, way.password), soon());
  ASSERT_TRUE(cluster) << cluster.error().describe();
  EXPECT_EQ(cluster->brokers.size(), 1U);
}

TEST_P(SaslTest, TellsAWrongPasswordAndNeverShowsIt) {
  const auto& way = GetParam();
  const auto refused = ask(sasl(way.mechanism, way.user, "wrong-secret-42"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.authentication") << refused.error().describe();
  EXPECT_THAT(refused.error().message, HasSubstr("Authentication failed"));
  EXPECT_THAT(refused.error().fix, HasSubstr("sasl.password"));
  EXPECT_THAT(refused.error().describe() + lines_->text(), Not(HasSubstr("wrong-secret-42")));
  EXPECT_THAT(lines_->text(), HasSubstr("Authentication failed"));
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, SaslTest,
                         ::testing::Values(Way{"plain", "PLAIN", "bob", "bob-secret"},
                                           Way{"scram256", "SCRAM-SHA-256", "alice", "alice-secret"},
                                           Way{"scram512", "SCRAM-SHA-512", "alice", "alice-secret"}),
                         [](const auto& tested) { return tested.param.label; });

TEST_F(SecurityTest, AClientCertificateOpensTheTlsListener) {
  const auto cluster = ask(tls(true), soon());
  ASSERT_TRUE(cluster) << cluster.error().describe();
}

TEST_F(SecurityTest, NoClientCertificateIsATlsFailure) {
  const auto refused = ask(tls(false));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.tls") << refused.error().describe();
}

TEST_F(SecurityTest, AnUnknownAuthorityIsATlsFailure) {
  auto properties = tls(true);
  properties["ssl.ca.location"] = sluice::test::test_server("SLUICE_TEST_TLS_DIR") + "/client.pem";
  const auto refused = ask(properties);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.tls") << refused.error().describe();
}

TEST_F(SecurityTest, ACertificateFileThatIsNotThereIsAConfigError) {
  auto properties = tls(true);
  properties["ssl.ca.location"] = "/nowhere/ca.pem";
  const auto refused = ask(properties);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.config");
  EXPECT_THAT(refused.error().message, HasSubstr("/nowhere/ca.pem"));
}

TEST_F(SecurityTest, AnUnreachableBrokerIsToldWithItsReason) {
  const auto refused =
      ask({{"bootstrap.servers", "127.0.0.1:1"}}, Deadline::after(std::chrono::seconds{1}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "kafka.unreachable") << refused.error().describe();
  EXPECT_TRUE(refused.error().retryable());
  EXPECT_THAT(refused.error().message, HasSubstr("Connection refused"));
}

TEST_F(SecurityTest, AProducerTellsWhyNothingIsDelivered) {
  auto properties = sasl("SCRAM-SHA-512", "alice", "wrong-secret-42");
  properties["message.timeout.ms"] = "4000";  // the refusal has to come first
  const auto producer = Producer::open(options("test-producer", properties)).value();
  Error error;
  ASSERT_TRUE(producer->produce({"some-topic", "k", "v"}, [&](const Result<Delivery>& report) {
    if (!report) error = report.error();
  }));
  ASSERT_TRUE(producer->flush(soon()));
  EXPECT_EQ(error.code, "kafka.authentication") << error.describe();
  EXPECT_EQ(error.kind, ErrorKind::kUnavailable);
  ASSERT_TRUE(producer->trouble());
  EXPECT_EQ(producer->trouble()->code, "kafka.authentication");
}

}  // namespace
}  // namespace sluice::kafka::test
