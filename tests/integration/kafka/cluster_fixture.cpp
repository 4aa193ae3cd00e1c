#include "integration/kafka/cluster_fixture.h"

#include <algorithm>

#include "platform/core/id_source.h"
#include "support/servers.h"

namespace sluice::kafka::test {

ClusterTest::ClusterTest(std::string server_key)
    : server_key_(std::move(server_key)), run_(random_hex(4)) {
  admin_ = Admin::open(options("test-admin")).value();
}

ClusterTest::~ClusterTest() {
  if (topics_.empty()) return;
  for (const auto& deleted : admin_->delete_topics(topics_, soon())) {
    const bool gone = deleted || deleted.error().code == "kafka.unknown-topic";
    EXPECT_TRUE(gone) << deleted.error().describe();
  }
}

ClientOptions ClusterTest::options(std::string role, Properties more) {
  more.try_emplace("bootstrap.servers", sluice::test::test_server(server_key_));
  return ClientOptions{std::move(more), std::move(role), metrics_};
}

std::string ClusterTest::topic_name(const std::string& suffix) { return "t-" + run_ + "-" + suffix; }

std::string ClusterTest::make_topic(const std::string& suffix, int partitions,
                                    std::map<std::string, std::string> configs) {
  const std::string name = topic_name(suffix);
  delete_later(name);
  const std::vector<NewTopic> topics{{name, partitions, kBrokerDefaultReplication, std::move(configs)}};
  const auto created = admin_->create_topics(topics, ValidateOnly::kNo, soon());
  EXPECT_TRUE(created[0]) << created[0].error().describe();
  const std::vector<std::string> names{name};
  const auto visible = await(
      [&]() -> Result<bool> {
        const auto described = admin_->describe_topics(names, soon());
        if (!described[0]) return described[0].error();
        const auto& found = described[0]->partitions;
        return found.size() == static_cast<std::size_t>(partitions) &&
               std::ranges::all_of(found, [](const auto& p) { return p.leader >= 0; });
      },
      soon());
  EXPECT_TRUE(visible) << visible.error().describe();
  return name;
}

}  // namespace sluice::kafka::test
