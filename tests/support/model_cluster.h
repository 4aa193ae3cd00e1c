// A Kafka cluster in memory, behind both ports of governance: the planner and the executor cannot
// tell it from a real one (tests/support/topic_cluster_suite.h runs on both). Beyond a real one it can
// answer reads late, lose answers at any call, and tell exactly what was sent.
//
// Thread-safe. Nothing waits for a clock: a read that lags catches up after so many reads.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/repository/topic_writer.h"
#include "platform/core/mutex.h"
#include "support/model/broker.h"

namespace sluice::test {

enum class ModelCall : std::uint8_t {
  kClusterId,
  kList,
  kRead,
  kGroups,
  kRecords,
  kLayout,
  kValidate,
  kAwait,
  kDescribe,
  kCreate,
  kGrow,
  kAlter,
  kRemove,
  kReassign,
  kMoves,
};
bool is_mutating(ModelCall call);

// What goes wrong with a call. Of a call that only reads, kRefuse and kNotSent are "unreachable", the
// others a timeout.
enum class Fault : std::uint8_t {
  kNone,
  kRefuse,         // the broker says no (retryable), nothing happens
  kNotSent,        // nothing leaves the process
  kUnknownDone,    // it happens, the answer is lost
  kUnknownUndone,  // it is lost on the way
};

// An item of a mutating call, in the order in which the broker saw them.
struct SentItem {
  ModelCall call = ModelCall::kCreate;
  governance::domain::TopicName topic;
  bool done = false;

  bool operator==(const SentItem&) const = default;
};

// What is there, without what two clusters that went through the same can differ in: topic ids and the
// placement of replicas.
struct ModelState {
  std::int32_t replication_factor = 0;
  std::int32_t partitions = 0;
  model::Configs configs;  // its own, as the broker shows them

  bool operator==(const ModelState&) const = default;
};
using ModelSnapshot = std::map<governance::domain::TopicName, ModelState>;
// "dev.a: 3 partitions, factor 1, retention.ms=60000", a line for each topic: for failure messages.
std::string describe(const ModelSnapshot& snapshot);

class ModelCluster final : public governance::domain::TopicCluster, public governance::domain::TopicWriter {
 public:
  // Asked for each item of a mutating call, and once for each other call (no topic).
  using FaultPlan = std::function<Fault(ModelCall, const governance::domain::TopicName*)>;
  // Called without the lock before and after each call: a test may change things behind our back, or
  // throw to be a process that dies there.
  using Hook = std::function<void(ModelCall)>;

  explicit ModelCluster(model::BrokerOptions options = {});

  Result<std::string> cluster_id(Deadline deadline) override;
  Result<std::vector<governance::domain::TopicName>> list(Deadline deadline) override;
  Result<governance::domain::ClusterState> read(std::span<const governance::domain::TopicName> names,
                                                Deadline deadline) override;
  Result<std::map<governance::domain::TopicName, std::vector<governance::domain::GroupUse>>> groups_of(
      std::span<const governance::domain::TopicName> names, Deadline deadline) override;
  Result<std::map<governance::domain::TopicName, std::int64_t>> records_of(
      std::span<const governance::domain::TopicName> names, Deadline deadline) override;
  Result<governance::domain::ReplicaLayout> layout_of(std::span<const governance::domain::TopicName> names,
                                                      Deadline deadline) override;
  Result<std::vector<governance::domain::BrokerVerdict>> validate(const governance::domain::Probes& probes,
                                                                  Deadline deadline) override;
  Result<bool> await_existence(
      std::span<const std::pair<governance::domain::TopicName, bool>> expected, Deadline deadline) override;
  Result<std::map<governance::domain::TopicName, governance::domain::TopicDetails>> describe(
      std::span<const governance::domain::TopicName> names, Deadline deadline) override;

  std::vector<governance::domain::CallResult> create(
      std::span<const governance::domain::CreateProbe> topics, Deadline deadline) override;
  std::vector<governance::domain::CallResult> grow(
      std::span<const governance::domain::PartitionsProbe> topics, Deadline deadline) override;
  std::vector<governance::domain::CallResult> alter(
      std::span<const governance::domain::ConfigProbe> topics, Deadline deadline) override;
  std::vector<governance::domain::CallResult> remove(
      std::span<const governance::domain::TopicName> topics, Deadline deadline) override;
  std::vector<governance::domain::CallResult> reassign(
      std::span<const governance::domain::ReplicaMove> moves, std::int64_t throttle_bytes_per_s,
      Deadline deadline) override;
  Result<governance::domain::MoveProgress> moves_of(std::span<const governance::domain::TopicName> topics,
                                                    std::int64_t throttle_bytes_per_s, Deadline deadline) override;
  [[nodiscard]] std::uint64_t mutating_requests() const override;

  void inject(FaultPlan plan);
  void before_each_call(Hook hook);
  void after_each_call(Hook hook);
  // From now on a change is seen only by the read after so many others of the topic. 0: reads have caught up.
  void set_read_lag(int reads);
  // So many partitions arrive with each look at moves_of; none: reassignments never end.
  void set_move_speed(std::int64_t partitions_per_look);

  // Behind governance's back, as another tool would.
  void change(const std::function<void(model::Broker&)>& edit);
  void add_group(const governance::domain::TopicName& topic, governance::domain::GroupUse group);
  void forget_groups();

  [[nodiscard]] ModelSnapshot snapshot() const;
  [[nodiscard]] model::Topics topics() const;  // everything, ids and placement too
  [[nodiscard]] std::vector<SentItem> sent() const;
  [[nodiscard]] std::uint64_t other_requests() const;  // reads and validate_only

 private:
  struct Lagging {
    std::optional<model::Topic> seen;  // none: reads still say that it is not there
    int reads_left = 0;
  };

  template <typename Step>
  auto between_hooks(ModelCall call, Step step);
  Fault fault_of(ModelCall call, const governance::domain::TopicName* topic) SLUICE_REQUIRES(mutex_);
  Status ask(ModelCall call) SLUICE_REQUIRES(mutex_);
  template <typename Item, typename Send>
  std::vector<governance::domain::CallResult> mutate(ModelCall call, std::span<const Item> items, Send send);
  template <typename Item, typename Send>
  void send_batch(ModelCall call, std::span<const Item> items, std::span<const Fault> faults, Send send,
                  std::span<governance::domain::CallResult> results) SLUICE_REQUIRES(mutex_);
  std::optional<model::Topic> look(const governance::domain::TopicName& name) SLUICE_REQUIRES(mutex_);
  void keep_old_view(const governance::domain::TopicName& name, std::optional<model::Topic> before)
      SLUICE_REQUIRES(mutex_);
  std::optional<model::Topic> current(const governance::domain::TopicName& name) const SLUICE_REQUIRES(mutex_);
  governance::domain::ClusterState state_of_brokers() const SLUICE_REQUIRES(mutex_);
  governance::domain::LiveTopic live(const governance::domain::TopicName& name, const model::Topic& topic) const
      SLUICE_REQUIRES(mutex_);

  mutable Mutex mutex_;
  model::Broker broker_ SLUICE_GUARDED_BY(mutex_);
  std::map<governance::domain::TopicName, Lagging> lagging_ SLUICE_GUARDED_BY(mutex_);
  std::map<governance::domain::TopicName, std::vector<governance::domain::GroupUse>> groups_
      SLUICE_GUARDED_BY(mutex_);
  std::vector<SentItem> sent_ SLUICE_GUARDED_BY(mutex_);
  FaultPlan faults_ SLUICE_GUARDED_BY(mutex_);
  Hook before_ SLUICE_GUARDED_BY(mutex_);
  Hook after_ SLUICE_GUARDED_BY(mutex_);
  int read_lag_ SLUICE_GUARDED_BY(mutex_) = 0;
  std::int64_t move_speed_ SLUICE_GUARDED_BY(mutex_) = 1'000'000;
  std::uint64_t mutating_ SLUICE_GUARDED_BY(mutex_) = 0;
  std::uint64_t others_ SLUICE_GUARDED_BY(mutex_) = 0;
};

}  // namespace sluice::test
