// Our own connections: moves and sizes on three brokers, and the ways to get in on one.
#include <algorithm>

#include "integration/kafka/cluster_fixture.h"
#include "platform/kafka/producer.h"
#include "support/servers.h"

namespace sluice::kafka::test {
namespace {

class ReassignmentTest : public ClusterTest {
 protected:
  ReassignmentTest() : ClusterTest("SLUICE_TEST_KAFKA3") {}

  std::string make_single(const std::string& suffix) {
    const std::string name = topic_name(suffix);
    delete_later(name);
    const std::vector<NewTopic> topics{{name, 1, 1, {}}};
    EXPECT_TRUE(admin_->create_topics(topics, ValidateOnly::kNo, soon())[0]);
    return name;
  }
  // Any broker answers, and one that lags doesn't know a new topic yet.
  std::int32_t first_replica(const std::string& topic) {
    std::vector<std::int32_t> shown;
    EXPECT_TRUE(await([&]() -> Result<bool> { return !(shown = replicas(topic)).empty(); }, soon()));
    return shown.empty() ? -1 : shown[0];
  }
  std::vector<std::int32_t> replicas(const std::string& topic) {
    const auto described = admin_->describe_topics(std::vector{topic}, soon());
    return described[0] && !described[0]->partitions.empty() ? described[0]->partitions[0].replicas
                                                             : std::vector<std::int32_t>();
  }
  Result<void> move(const ReplicaMove& move) { return admin_->alter_reassignments(std::span(&move, 1), soon())[0]; }
};

TEST_F(ReassignmentTest, MovesAReplicaAndListsNothingAfterwards) {
  const auto name = make_single("move");
  const std::int32_t from = first_replica(name);
  const std::vector<std::int32_t> target{from, from % 3 + 1};
  const auto taken = move({name, 0, target});
  ASSERT_TRUE(taken) << taken.error().describe();
  const auto done = await(
      [&]() -> Result<bool> {
        SLUICE_TRY(const auto left, admin_->list_reassignments(soon()));
        const bool moving = std::ranges::any_of(left, [&](const auto& one) { return one.topic == name; });
        return !moving && replicas(name) == target;
      },
      soon());
  EXPECT_TRUE(done) << done.error().describe();
}

TEST_F(ReassignmentTest, RefusalsComeForEachMove) {
  const auto name = make_single("refused");
  const std::vector<ReplicaMove> moves{{name, 0, {9}}, {topic_name("missing"), 0, {1}}, {name, 7, {1}}};
  const auto results = admin_->alter_reassignments(moves, soon());
  ASSERT_FALSE(results[0]);
  EXPECT_EQ(results[0].error().code, "kafka.invalid-replica-assignment");
  ASSERT_FALSE(results[1]);
  EXPECT_EQ(results[1].error().code, "kafka.unknown-topic");
  ASSERT_FALSE(results[2]);
  EXPECT_EQ(results[2].error().code, "kafka.unknown-topic");
  EXPECT_EQ(admin_->mutating_requests(), 2U);  // the create and this one
}

TEST_F(ReassignmentTest, TellsHowLargeAReplicaIs) {
  const auto name = make_single("sized");
  const auto producer = Producer::open(options("test-producer", {{"compression.codec", "none"}})).value();
  const std::string value(10'000, 'x');
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(producer->produce({name, "k", value}, [](const auto&) {}));
  ASSERT_TRUE(producer->flush(soon()));
  const auto sizes = admin_->replica_sizes(first_replica(name), soon());
  ASSERT_TRUE(sizes) << sizes.error().describe();
  const auto found = std::ranges::find(*sizes, name, &ReplicaSize::topic);
  ASSERT_NE(found, sizes->end());
  EXPECT_GE(found->bytes, 200'000);
  EXPECT_LT(found->bytes, 220'000);
}

TEST_F(ReassignmentTest, ABrokerThatIsNotThereIsUnreachable) {
  const auto sizes = admin_->replica_sizes(9, soon());
  ASSERT_FALSE(sizes);
  EXPECT_EQ(sizes.error().code, "kafka.unreachable");
}

class WireSecurityTest : public ClusterTest {
 protected:
  Result<std::vector<ReplicaSize>> ask(const Properties& properties) {
    SLUICE_TRY(const auto admin, Admin::open(options("test-wire", properties)));
    return admin->replica_sizes(1, soon());
  }
  static Properties sasl(const char* mechanism, const char* user, const char* password) {
    return {{"bootstrap.servers", sluice::test::test_server("SLUICE_TEST_KAFKA_SASL")},
            {"security.protocol", "SASL_PLAINTEXT"},
            {"sasl.mechanism", mechanism},
            {"sasl.username", user},
            {"sasl.password", password}};
  }
  static Properties tls() {
    const auto folder = sluice::test::test_server("SLUICE_TEST_TLS_DIR");
    return {{"bootstrap.servers", sluice::test::test_server("SLUICE_TEST_KAFKA_TLS")},
            {"security.protocol", "SSL"},
            {"ssl.ca.location", folder + "/ca.pem"},
            {"ssl.certificate.location", folder + "/client.pem"},
            {"ssl.key.location", folder + "/client.key"}};
  }
};

TEST_F(WireSecurityTest, EveryMechanismGetsIn) {
  for (const auto& properties : {sasl("PLAIN", "bob", "bob-secret"), sasl("SCRAM-SHA-256", "alice", "alice-secret"),
                                 sasl("SCRAM-SHA-512", "alice", "alice-secret"), tls()}) {
    const auto sizes = ask(properties);
    EXPECT_TRUE(sizes) << properties.at("security.protocol") << ": " << sizes.error().describe();
  }
}

}  // namespace
}  // namespace sluice::kafka::test
