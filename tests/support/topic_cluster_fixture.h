// One cluster and short words for what the suite does with it.
//
// A store gives: cluster(), writer(), kBrokers, and name("x"), a topic name of this test's own.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/repository/topic_writer.h"
#include "support/topic_cluster_cases.h"

namespace sluice::test {

inline Deadline suite_deadline() { return Deadline::after(std::chrono::seconds{30}); }

template <typename Store>
class TopicClusterSuite : public testing::Test {
 protected:
  using Outcome = governance::domain::CallOutcome;

  governance::domain::CallResult create(const std::string& name, std::int32_t partitions = 1,
                                        ConfigMap configs = {}, std::int32_t factor = 1) {
    const governance::domain::CreateProbe probe{governance::domain::TopicName{name}, partitions, factor,
                                                std::move(configs)};
    return store_.writer().create(std::span(&probe, 1), suite_deadline())[0];
  }
  governance::domain::CallResult grow(const std::string& name, std::int32_t total) {
    const governance::domain::PartitionsProbe probe{governance::domain::TopicName{name}, total};
    return store_.writer().grow(std::span(&probe, 1), suite_deadline())[0];
  }
  governance::domain::CallResult alter(const std::string& name, ConfigMap set,
                                       std::vector<std::string> unset = {}) {
    const governance::domain::ConfigProbe probe{governance::domain::TopicName{name}, std::move(set),
                                                std::move(unset)};
    return store_.writer().alter(std::span(&probe, 1), suite_deadline())[0];
  }
  governance::domain::CallResult remove(const std::string& name) {
    const governance::domain::TopicName topic{name};
    return store_.writer().remove(std::span(&topic, 1), suite_deadline())[0];
  }
  bool await(const std::string& name, bool exists, Deadline deadline = suite_deadline()) {
    const std::pair expected{governance::domain::TopicName{name}, exists};
    return store_.cluster().await_existence(std::span(&expected, 1), deadline).value_or(false);
  }
  // Created, and seen by readers.
  std::string made(const std::string& suffix, std::int32_t partitions = 1, ConfigMap configs = {},
                   std::int32_t factor = 1) {
    const std::string name = store_.name(suffix);
    const auto result = create(name, partitions, std::move(configs), factor);
    EXPECT_EQ(result.outcome, Outcome::kDone) << result.code << " " << result.words;
    EXPECT_TRUE(await(name, true));
    return name;
  }
  governance::domain::ClusterState read(const std::vector<std::string>& names) {
    std::vector<governance::domain::TopicName> topics;
    for (const std::string& name : names) topics.emplace_back(name);
    auto state = store_.cluster().read(topics, suite_deadline());
    EXPECT_TRUE(state) << state.error().describe();
    return std::move(state).value();
  }
  // The topic as a reader sees it. Each look may go to another broker, and one may not know it yet.
  governance::domain::LiveTopic seen(const std::string& name) {
    governance::domain::LiveTopic topic;
    EXPECT_TRUE(becomes(name, [&](const auto& live) {
      topic = live;
      return true;
    }));
    return topic;
  }
  // Reads lag writes: looks until the topic is as wanted.
  testing::AssertionResult becomes(const std::string& name,
                                   const std::function<bool(const governance::domain::LiveTopic&)>& wanted) {
    const governance::domain::TopicName topic{name};
    for (const Deadline deadline = suite_deadline(); !deadline.expired();) {
      const auto state = read({name});
      const auto found = state.topics.find(topic);
      if (found != state.topics.end() && wanted(found->second)) return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << name << " did not become what was asked for";
  }
  governance::domain::BrokerVerdict probe(governance::domain::Probes probes) {
    const auto verdicts = store_.cluster().validate(probes, suite_deadline());
    EXPECT_TRUE(verdicts) << verdicts.error().describe();
    return verdicts.value().at(0);
  }

  Store store_;
};
}  // namespace sluice::test
