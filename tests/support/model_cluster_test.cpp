// The model passes the suite of the real cluster; and what only the model does.
#include "support/model_cluster.h"

#include <gtest/gtest.h>

#include "support/topic_cluster_suite.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using domain::CallOutcome;
using domain::TopicName;

template <std::int32_t brokers>
struct ModelStore {
  static constexpr std::int32_t kBrokers = brokers;
  domain::TopicCluster& cluster() { return model; }
  domain::TopicWriter& writer() { return model; }
  std::string name(const std::string& suffix) { return "t-" + suffix; }
  ModelCluster model{{.brokers = brokers, .defaults = {}}};
};
INSTANTIATE_TYPED_TEST_SUITE_P(OneModelBroker, TopicClusterSuite, ModelStore<1>);
INSTANTIATE_TYPED_TEST_SUITE_P(ThreeModelBrokers, TopicClusterSuite, ModelStore<3>);

// Reads late from the first write on.
struct LateModelStore : ModelStore<3> {
  LateModelStore() { model.set_read_lag(3); }
};
INSTANTIATE_TYPED_TEST_SUITE_P(ModelThatReadsLate, TopicClusterSuite, LateModelStore);

class ModelClusterTest : public testing::Test {
 protected:
  domain::CallResult create(const std::string& name) {
    const domain::CreateProbe probe{TopicName{name}, 1, 1, {}};
    return model_.create(std::span(&probe, 1), suite_deadline())[0];
  }
  ModelCluster model_;
};

struct FaultCase {
  Fault fault;
  CallOutcome outcome;
  bool happens;
  std::uint64_t requests;
};
class ModelFaults : public ModelClusterTest, public testing::WithParamInterface<FaultCase> {};
TEST_P(ModelFaults, AreToldAsTheWriterSeesThem) {
  model_.inject([](ModelCall, const TopicName*) { return GetParam().fault; });
  const auto result = create("a");
  EXPECT_EQ(result.outcome, GetParam().outcome);
  EXPECT_EQ(result.retryable, result.outcome != CallOutcome::kDone);
  EXPECT_EQ(model_.snapshot().contains(TopicName{"a"}), GetParam().happens);
  EXPECT_EQ(model_.sent().size(), GetParam().happens ? 1U : 0U);
  EXPECT_EQ(model_.mutating_requests(), GetParam().requests);
}
INSTANTIATE_TEST_SUITE_P(All, ModelFaults,
                         testing::Values(FaultCase{Fault::kNone, CallOutcome::kDone, true, 1},
                                         FaultCase{Fault::kRefuse, CallOutcome::kRefused, false, 1},
                                         FaultCase{Fault::kNotSent, CallOutcome::kNotSent, false, 0},
                                         FaultCase{Fault::kUnknownDone, CallOutcome::kUnknown, true, 1},
                                         FaultCase{Fault::kUnknownUndone, CallOutcome::kUnknown, false, 1}));

TEST_F(ModelClusterTest, LosesTheAnswersOfReads) {
  model_.inject([](ModelCall call, const TopicName*) {
    return call == ModelCall::kRead ? Fault::kUnknownUndone : Fault::kNotSent;
  });
  EXPECT_EQ(model_.read({}, suite_deadline()).error().code, "kafka.timeout");
  EXPECT_EQ(model_.validate({}, suite_deadline()).error().code, "kafka.unreachable");
}

TEST_F(ModelClusterTest, ShowsWhatWasBeforeForSoManyReads) {
  model_.set_read_lag(2);
  ASSERT_EQ(create("a").outcome, CallOutcome::kDone);
  const TopicName name{"a"};
  std::vector<bool> seen;
  for (int i = 0; i < 3; ++i) {
    seen.push_back(!model_.read(std::span(&name, 1), suite_deadline())->topics.empty());
  }
  EXPECT_EQ(seen, (std::vector<bool>{false, false, true}));
}

TEST_F(ModelClusterTest, MovesReplicasWithTheSpeedThatATestWants) {
  const domain::CreateProbe probe{TopicName{"a"}, 3, 1, {}};
  model_.create(std::span(&probe, 1), suite_deadline());
  model_.set_move_speed(2);
  std::vector<domain::ReplicaMove> moves;
  for (std::int32_t i = 0; i < 3; ++i) moves.push_back({probe.name, i, {1, 2, 3}});
  for (const auto& result : model_.reassign(moves, 1'000, suite_deadline())) {
    EXPECT_EQ(result.outcome, CallOutcome::kDone);
  }
  const auto factor = [&] {
    return model_.read(std::span(&probe.name, 1), suite_deadline())->topics.at(probe.name).replication_factor;
  };
  const auto left = [&] {
    return model_.moves_of(std::span(&probe.name, 1), 1, suite_deadline())->partitions_left;
  };
  EXPECT_EQ(left(), 1);
  EXPECT_EQ(left(), 0);
  EXPECT_EQ(factor(), 3);
}

TEST_F(ModelClusterTest, CallsItsHooksOutsideTheLock) {
  std::vector<std::string> seen;
  model_.before_each_call([&](ModelCall) { seen.push_back("before " + describe(model_.snapshot())); });
  model_.after_each_call([&](ModelCall) { seen.push_back("after " + describe(model_.snapshot())); });
  create("a");
  EXPECT_EQ(seen, (std::vector<std::string>{"before ", "after a: 1 partitions, factor 1\n"}));
}

}  // namespace
}  // namespace sluice::test
