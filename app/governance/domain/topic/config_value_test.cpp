#include "governance/domain/topic/config_value.h"

#include <gtest/gtest.h>

namespace sluice::governance::domain {
namespace {

struct Pair {
  const char* key;
  const char* a;
  const char* b;
};

class SameValue : public testing::TestWithParam<Pair> {};
TEST_P(SameValue, IsNoChange) {
  const auto& [key, a, b] = GetParam();
  EXPECT_TRUE(same_config_value(key, a, b)) << key << ": " << a << " and " << b;
  EXPECT_TRUE(same_config_value(key, b, a));
}
INSTANTIATE_TEST_SUITE_P(
    ConfigValue, SameValue,
    testing::Values(
        Pair{"cleanup.policy", "compact,delete", "delete,compact"},
        Pair{"cleanup.policy", "compact, delete", "delete,compact"},
        Pair{"cleanup.policy", "compact,", "compact"},
        Pair{"cleanup.policy", "delete,delete", "delete"},
        Pair{"leader.replication.throttled.replicas", "0:1,1:2", "1:2,0:1"},
        Pair{"retention.ms", "604800000", "7d"}, Pair{"retention.ms", "604800000", "168h"},
        Pair{"retention.ms", "604800000", " 604800000 "}, Pair{"retention.ms", "007", "7"},
        Pair{"retention.ms", "+7", "7"}, Pair{"retention.ms", "-1", "-1"},
        Pair{"segment.ms", "90m", "5400s"}, Pair{"flush.ms", "1500", "1500ms"},
        Pair{"segment.bytes", "1073741824", "1GiB"}, Pair{"retention.bytes", "1024 KiB", "1MiB"},
        Pair{"preallocate", "TRUE", "true"}, Pair{"min.cleanable.dirty.ratio", "0.5", "0.50"},
        Pair{"min.cleanable.dirty.ratio", "1", "1.0"}, Pair{"min.insync.replicas", "2", "02"},
        Pair{"unknown.key", "x", " x "}));

class OtherValue : public testing::TestWithParam<Pair> {};
TEST_P(OtherValue, IsAChange) {
  const auto& [key, a, b] = GetParam();
  EXPECT_FALSE(same_config_value(key, a, b)) << key << ": " << a << " and " << b;
}
INSTANTIATE_TEST_SUITE_P(
    ConfigValue, OtherValue,
    testing::Values(Pair{"cleanup.policy", "compact", "compact,delete"},
                    Pair{"retention.ms", "604800000", "604800001"}, Pair{"retention.ms", "7d", "7"},
                    Pair{"retention.bytes", "7d", "604800000"},   // a size has no days
                    Pair{"min.insync.replicas", "1KiB", "1024"},  // a count has no unit
                    Pair{"retention.ms", "1M", "60000"},          // no such unit
                    Pair{"retention.ms", "-7d", "-604800000"},    // units are for lengths of time
                    Pair{"segment.bytes", "1KB", "1000"},         // thousand or 1024? nobody knows
                    Pair{"segment.bytes", "1KB", "1024"},
                    Pair{"retention.ms", "106751991168d", "9223372036854775807"},  // would overflow
                    Pair{"compression.type", "ZSTD", "zstd"},  // the broker is case-sensitive
                    Pair{"unknown.key", "1.0", "1"}));

TEST(ConfigValue, SendsWhatTheBrokerReads) {
  EXPECT_EQ(canonical_config_value("retention.ms", "7d"), "604800000");
  EXPECT_EQ(canonical_config_value("segment.bytes", "64MiB"), "67108864");
  EXPECT_EQ(canonical_config_value("preallocate", "True"), "true");
  EXPECT_EQ(canonical_config_value("cleanup.policy", "delete , compact"), "delete,compact");
}

TEST(ConfigValue, LeavesWhatItCannotReadToTheBroker) {
  EXPECT_EQ(canonical_config_value("retention.ms", " abc "), "abc");
  EXPECT_EQ(canonical_config_value("retention.ms", "0x10"), "0x10");
  EXPECT_EQ(canonical_config_value("preallocate", "yes"), "yes");
}

TEST(ConfigValue, ShowsTimeInItsLargestWholeUnit) {
  EXPECT_EQ(format_milliseconds(604'800'000), "7d");
  EXPECT_EQ(format_milliseconds(5'400'000), "90m");
  EXPECT_EQ(format_milliseconds(1500), "1500ms");
  EXPECT_EQ(format_milliseconds(0), "0ms");
  EXPECT_EQ(format_milliseconds(-1), "unlimited");
}

TEST(ConfigValue, FindsTheNearestKey) {
  EXPECT_EQ(nearest_topic_config("retention.mss"), "retention.ms");
  EXPECT_EQ(nearest_topic_config("cleanup-policy"), "cleanup.policy");
  EXPECT_EQ(nearest_topic_config("retention.ms"), std::nullopt);
  EXPECT_EQ(nearest_topic_config("colour"), std::nullopt);
}

TEST(TopicDefaults, ComeFromTheBrokersOwnSettings) {
  const auto defaults = topic_defaults_from_broker({{"log.cleanup.policy", "delete"},
                                                    {"log.retention.hours", "168"},
                                                    {"log.roll.hours", "24"},
                                                    {"min.insync.replicas", "2"},
                                                    {"node.id", "1"}});
  EXPECT_EQ(defaults.at("cleanup.policy"), "delete");
  EXPECT_EQ(defaults.at("retention.ms"), "604800000");
  EXPECT_EQ(defaults.at("segment.ms"), "86400000");
  EXPECT_EQ(defaults.at("min.insync.replicas"), "2");
  EXPECT_FALSE(defaults.contains("node.id"));
}

TEST(TopicDefaults, TakeTheFinestUnitThatIsSet) {
  const auto defaults =
      topic_defaults_from_broker({{"log.retention.hours", "168"}, {"log.retention.minutes", "30"}});
  EXPECT_EQ(defaults.at("retention.ms"), "1800000");
  EXPECT_EQ(topic_defaults_from_broker({{"log.retention.hours", "-1"}}).at("retention.ms"), "-1");
}

}  // namespace
}  // namespace sluice::governance::domain
