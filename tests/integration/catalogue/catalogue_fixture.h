// A catalogue that follows the real cluster into the real databases, and topics that end with the test.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "governance/application/catalogue/catalogue_view.h"
#include "governance/application/catalogue/sync_catalogue.h"
#include "governance/infrastructure/catalogue/sql_catalogue_repository.h"
#include "governance/infrastructure/kafka/kafka_consumption_reader.h"
#include "governance/infrastructure/kafka_topic_cluster.h"
#include "platform/core/id_source.h"
#include "platform/kafka/admin.h"
#include "support/environments.h"
#include "support/migrated_database.h"
#include "support/servers.h"

namespace sluice::governance {

inline Deadline soon() { return Deadline::after(std::chrono::seconds{30}); }

inline domain::PolicySet policies_of_three() {
  domain::PolicySet set;
  for (const char* name : {"dev", "stg", "prod"}) set.environments.emplace_back(name);
  return set;
}

template <sql::Dialect dialect>
struct Kind {
  static constexpr sql::Dialect kDialect = dialect;
};

template <typename Kind>
class CatalogueTest : public testing::Test {
 protected:
  ~CatalogueTest() override {
    const std::vector<std::string> names(made_.begin(), made_.end());
    (void)admin_->delete_topics(names, soon());
  }

  void make(const kafka::NewTopic& topic) {
    ASSERT_TRUE(admin_->create_topics(std::span(&topic, 1), kafka::ValidateOnly::kNo, soon())[0]);
    made_.insert(topic.name);
    settle(topic.name, true);
  }
  void remove(const std::string& name) {
    ASSERT_TRUE(admin_->delete_topics(std::span(&name, 1), soon())[0]);
    settle(name, false);
  }
  void settle(const std::string& name, bool exists) {
    const std::pair expected{domain::TopicName{name}, exists};
    ASSERT_TRUE(cluster_.await_existence(std::span(&expected, 1), soon()).value_or(false));
  }
  void sync() {
    clock_.advance(std::chrono::minutes{1});
    const auto report = sync_.sync(domain::EnvironmentName{"dev"}, soon());
    ASSERT_TRUE(report) << report.error().describe();
    const auto refreshed = view_.refresh(soon());
    ASSERT_TRUE(refreshed) << refreshed.error().describe();
  }
  std::optional<domain::LiveTopic> live(const std::string& name) {
    const domain::TopicName topic{name};
    const auto state = cluster_.read(std::span(&topic, 1), soon()).value();
    const auto found = state.topics.find(topic);
    return found == state.topics.end() ? std::nullopt : std::optional(found->second);
  }
  application::TopicRow row(const std::string& name) {
    return view_.current().value()->index->find("dev", name);
  }

  static constexpr std::chrono::days kKeepGone{30};
  metrics::Registry metrics_;
  std::unique_ptr<kafka::Admin> admin_ =
      kafka::Admin::open({.properties = {{"bootstrap.servers", test::test_server("SLUICE_TEST_KAFKA")}},
                          .role = "test",
                          .metrics = metrics_})
          .value();
  infrastructure::KafkaTopicCluster cluster_{*admin_, {}};
  application::Environments environments_ = test::environments({"dev"}, cluster_);
  application::PolicyStore policies_{policies_of_three()};
  ManualClock clock_{TimePoint{std::chrono::seconds{1'700'000'000}}};
  test::MigratedDatabase<Kind::kDialect> database_;
  infrastructure::SqlCatalogueRepository repository_{database_.database()};
  application::SyncCatalogue sync_{environments_, repository_, policies_, clock_, kKeepGone};
  application::CatalogueView view_{repository_};
  std::set<std::string> made_;
};
using Kinds = testing::Types<Kind<sql::Dialect::kPostgres>, Kind<sql::Dialect::kSqlite>>;

}  // namespace sluice::governance
