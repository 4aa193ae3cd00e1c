// Makes a Sluice's catalogue know 100,000 topics, as syncs would have: owners, tags, docs, settings and
// readers. A thousand of them really are in its cluster.
//   seed_catalogue <bootstrap servers> <database URL>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <vector>

#include "governance/infrastructure/catalogue/sql_catalogue_repository.h"
#include "platform/kafka/admin.h"
#include "platform/postgres/database.h"
#include "platform/postgres/pool.h"

namespace {

using namespace sluice;
namespace domain = governance::domain;

constexpr int kTopics = 100'000;
constexpr int kOwners = 200;
constexpr int kTags = 20;
constexpr int kRead = 10;  // every tenth topic has two readers
constexpr int kExisting = 1'000;
constexpr int kChunk = 1'000;
constexpr std::array kEnvironments = {"dev", "stg", "prod"};

Deadline later() { return Deadline::after(std::chrono::minutes{5}); }

[[noreturn]] void fail(const Error& error) {
  fmt::print(stderr, "seed_catalogue: {}\n", error.describe());
  std::exit(1);
}
void check(const Status& status) {
  if (!status) fail(status.error());
}

std::string name_of(int i) {
  return fmt::format("{}.orders.events-{:06}", kEnvironments[static_cast<std::size_t>(i) % 3], i);
}

domain::CataloguedTopic topic_of(int i, TimePoint now) {
  domain::CataloguedTopic topic;
  topic.environment = domain::EnvironmentName{kEnvironments[static_cast<std::size_t>(i) % 3]};
  topic.name = domain::TopicName{name_of(i)};
  topic.topic_id = fmt::format("id-{:019}", i);
  topic.partitions = 12;
  topic.replication_factor = 3;
  topic.configs = {{"cleanup.policy", "delete"}, {"compression.type", "zstd"}, {"retention.ms", "604800000"}};
  topic.metadata.owner = fmt::format("team-{:03}", i % kOwners);
  topic.metadata.sla = "gold";
  topic.metadata.doc = fmt::format("Events number {} of the orders' life, one record for each change", i);
  topic.metadata.tags = {fmt::format("tag-{:02}", i % kTags), "orders"};
  topic.first_seen = topic.last_change = now;
  topic.changes = {{"retention.ms", "86400000", "604800000"}};
  return topic;
}

void seed(governance::infrastructure::SqlCatalogueRepository& catalogue, TimePoint now) {
  for (int begin = 0; begin < kTopics; begin += kChunk) {
    std::vector<domain::CataloguedTopic> topics;
    std::vector<domain::TopicGroups> readers;
    for (int i = begin; i < begin + kChunk; ++i) {
      topics.push_back(topic_of(i, now));
      if (i % kRead != 0) continue;
      readers.push_back({topics.back().environment, topics.back().name,
                         {{fmt::format("billing-{}", i % 97), "Stable", 3, i}, {"search", "Empty", 0, std::nullopt}}});
    }
    check(catalogue.store(topics, later()));
    check(catalogue.store_groups(readers, later()));
  }
  for (const char* name : kEnvironments) {
    const domain::EnvironmentName environment{name};
    check(catalogue.store_synced(environment, now, later()));
    check(catalogue.store_groups_read(environment, {now, 0}, later()));
  }
}

// Those of dev that come first.
void create(kafka::Admin& admin) {
  std::vector<kafka::NewTopic> topics;
  for (int i = 0; i < kExisting; ++i) topics.push_back({name_of(3 * i), 1, 1, {{"retention.ms", "604800000"}}});
  for (const auto& made : admin.create_topics(topics, kafka::ValidateOnly::kNo, later())) {
    if (!made && made.error().code != "kafka.topic-already-exists") fail(made.error());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: seed_catalogue <bootstrap servers> <database URL>\n");
    return 1;
  }
  metrics::Registry metrics;
  auto admin = kafka::Admin::open({.properties = {{"bootstrap.servers", argv[1]}}, .role = "bench", .metrics = metrics});
  if (!admin) fail(admin.error());
  create(**admin);
  postgres::PoolOptions options;
  options.connection.url = argv[2];
  options.connection.role = "bench";
  postgres::Pool pool(options);
  postgres::Database database(pool);
  governance::infrastructure::SqlCatalogueRepository catalogue(database);
  seed(catalogue, SystemClock().now());
  return 0;
}
