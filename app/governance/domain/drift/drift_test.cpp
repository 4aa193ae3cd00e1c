// G28: every way in which a topic can be other than it was declared.
#include "governance/domain/drift/drift.h"

#include <gtest/gtest.h>

#include <functional>

#include "governance/domain/plan/plan_test_support.h"

namespace sluice::governance::domain {
namespace {

LiveTopic as_declared() {
  auto topic = live(6, 3, {{"retention.ms", "604800000"}, {"cleanup.policy", "delete,compact"}});
  topic.topic_id = "id-1";
  return topic;
}

Declaration declaration() {
  Declaration declared;
  declared.name = TopicName{"prod.a"};
  declared.topic_id = "id-1";
  declared.change_id = ChangeId{"c-1"};
  declared.revision = 2;
  declared.fields = {6, 3, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "604800000"}}, {"segment.ms"}};
  return declared;
}

struct Case {
  std::string name;
  std::function<void(LiveTopic&)> tamper;
  std::string expected;  // "kind field declared→live", joined by ", "
};

std::string text_of(const std::optional<TopicDrift>& drift) {
  if (!drift) return "";
  std::string text(to_string(drift->kind));
  for (const auto& field : drift->fields) {
    text += ", " + field.field + " " + field.declared.value_or("-") + "→" + field.live.value_or("-");
  }
  return text;
}

void set(LiveTopic& topic, const std::string& key, const std::string& value, ValueSource source = ValueSource::kTopic) {
  topic.configs[key] = {value, source, {}};
}

class Drift : public testing::TestWithParam<Case> {};
TEST_P(Drift, IsToldFieldByField) {
  auto topic = as_declared();
  GetParam().tamper(topic);
  EXPECT_EQ(text_of(drift_of(declaration(), &topic)), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    Ways, Drift,
    testing::Values(
        Case{"none", [](LiveTopic&) {}, ""},
        Case{"same_meaning", [](LiveTopic& seen) { set(seen, "cleanup.policy", "compact , delete"); }, ""},
        Case{"equal_default", [](LiveTopic& seen) { set(seen, "retention.ms", "604800000", ValueSource::kBroker); }, ""},
        Case{"partitions", [](LiveTopic& seen) { seen.partitions = 8; }, "changed, partitions 6→8"},
        Case{"replication", [](LiveTopic& seen) { seen.replication_factor = 2; }, "changed, replicationFactor 3→2"},
        Case{"value", [](LiveTopic& seen) { set(seen, "retention.ms", "1"); }, "changed, retention.ms 604800000→1"},
        Case{"removed", [](LiveTopic& seen) { set(seen, "cleanup.policy", "delete", ValueSource::kBroker); },
             "changed, cleanup.policy compact,delete→delete"},
        Case{"unknown_now", [](LiveTopic& seen) { seen.configs.erase("retention.ms"); },
             "changed, retention.ms 604800000→-"},
        Case{"declared_unset", [](LiveTopic& seen) { set(seen, "segment.ms", "7"); }, "changed, segment.ms -→7"},
        Case{"undeclared_is_left_alone", [](LiveTopic& seen) { set(seen, "max.message.bytes", "7"); }, ""},
        Case{"recreated", [](LiveTopic& seen) { seen.topic_id = "id-9"; }, "recreated, topicId id-1→id-9"},
        Case{"recreated_and_changed",
             [](LiveTopic& seen) {
               seen.topic_id = "id-9";
               seen.partitions = 1;
             },
             "recreated, topicId id-1→id-9, partitions 6→1"}),
    [](const auto& test) { return test.param.name; });

TEST(DriftOfATopicThatIsGone, IsMissing) {
  const auto drift = drift_of(declaration(), nullptr);
  EXPECT_EQ(text_of(drift), "missing");
  EXPECT_EQ(drift->change_id.str(), "c-1");
  EXPECT_EQ(drift->revision, 2);
}

TEST(UndeclaredSettings, AreTheTopicsOwnThatNobodyNamed) {
  auto topic = as_declared();
  set(topic, "max.message.bytes", "7");
  set(topic, "segment.ms", "8");
  EXPECT_EQ(undeclared_settings(declaration(), topic),
            (std::vector<DriftedField>{{"max.message.bytes", std::nullopt, "7", ValueSource::kTopic}}));
}

}  // namespace
}  // namespace sluice::governance::domain
