#include <array>
#include <string_view>

#include "platform/config/table/places.h"

namespace sluice::config::table {
namespace {

constexpr std::array<std::string_view, 5> kCompressions{"none", "gzip", "snappy", "lz4", "zstd"};

}  // namespace

// NOLINTNEXTLINE(readability-function-size): one table, no logic
std::vector<Key> kafka_keys() {
  return {
    {.path = "kafka.properties",
     .target = [](Config& c) -> Target { return &c.kafka.properties; },
     .description = "librdkafka properties by their own names; `bootstrap.servers` is required. "
                    "Passwords, secrets and private keys among them are masked.",
     .development = "{bootstrap.servers: \"127.0.0.1:9092\"}",
     .production = "{}"},
    {.path = "kafka.compression",
     .target = [](Config& c) -> Target { return &c.kafka.compression; },
     .description = "Compression of what Sluice produces.",
     .development = "gzip",
     .choices = kCompressions},
    {.path = "kafka.call_deadline_ms",
     .target = [](Config& c) { return number(c.kafka.call_deadline); },
     .description = "Longest time for one call to Kafka.",
     .development = "10000",
     .min = 100,
     .max = kHour},
    {.path = "kafka.statistics_interval_ms",
     .target = [](Config& c) { return number(c.kafka.statistics_interval); },
     .description = "How often librdkafka's statistics become metrics; 0 = never.",
     .development = "5000",
     .max = kHour},
    {.path = "clusters.*.environments",
     .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].environments; },
     .names = [](const Config& c) { return names_of(c.clusters); },
     .description = "Environments whose topics live on this cluster; every other one is on that of `kafka.properties`.",
     .development = "[]",
     .form = StringForm::kEnvironment},
    {.path = "clusters.*.properties",
     .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].properties; },
     .names = [](const Config& c) { return names_of(c.clusters); },
     .description = "Its librdkafka properties, like `kafka.properties`.",
     .development = "{}"},
    {.path = "clusters.*.expected_cluster_id",
     .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].expected_cluster_id; },
     .names = [](const Config& c) { return names_of(c.clusters); },
     .description = "Its cluster id, as `kafka-cluster cluster-id` says: nothing is done on another one.",
     .development = "\"\""},
    {.path = "clusters.*.akhq_url",
     .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].akhq_url; },
     .names = [](const Config& c) { return names_of(c.clusters); },
     .description = "AKHQ's address up to this cluster's name, for deep links in answers; empty = no links.",
     .development = "\"\"",
     .form = StringForm::kWebUrl},
  };
}

}  // namespace sluice::config::table
