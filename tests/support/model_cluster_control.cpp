// What a test does with a model: break it, change it behind governance's back, look into it.
#include <fmt/format.h>

#include "support/model_cluster.h"

namespace sluice::test {

namespace domain = governance::domain;
using domain::TopicName;

std::string describe(const ModelSnapshot& snapshot) {
  std::string text;
  for (const auto& [name, topic] : snapshot) {
    text += fmt::format("{}: {} partitions, factor {}", name.str(), topic.partitions, topic.replication_factor);
    for (const auto& [key, value] : topic.configs) text += fmt::format(", {}={}", key, value);
    text += '\n';
  }
  return text;
}

std::uint64_t ModelCluster::mutating_requests() const {
  const MutexLock lock(mutex_);
  return mutating_;
}

std::uint64_t ModelCluster::other_requests() const {
  const MutexLock lock(mutex_);
  return others_;
}

void ModelCluster::inject(FaultPlan plan) {
  const MutexLock lock(mutex_);
  faults_ = std::move(plan);
}

void ModelCluster::before_each_call(Hook hook) {
  const MutexLock lock(mutex_);
  before_ = std::move(hook);
}

void ModelCluster::after_each_call(Hook hook) {
  const MutexLock lock(mutex_);
  after_ = std::move(hook);
}

void ModelCluster::set_read_lag(int reads) {
  const MutexLock lock(mutex_);
  read_lag_ = reads;
  if (reads == 0) lagging_.clear();
}

void ModelCluster::set_move_speed(std::int64_t partitions_per_look) {
  const MutexLock lock(mutex_);
  move_speed_ = partitions_per_look;
}

void ModelCluster::change(const std::function<void(model::Broker&)>& edit) {
  const MutexLock lock(mutex_);
  edit(broker_);
}

void ModelCluster::add_group(const TopicName& topic, domain::GroupUse group) {
  const MutexLock lock(mutex_);
  groups_[topic].push_back(std::move(group));
}

void ModelCluster::forget_groups() {
  const MutexLock lock(mutex_);
  groups_.clear();
}

ModelSnapshot ModelCluster::snapshot() const {
  const MutexLock lock(mutex_);
  ModelSnapshot snapshot;
  for (const auto& [name, topic] : broker_.topics()) {
    const domain::LiveTopic shown = live(name, topic);
    ModelState& state = snapshot[name];
    state = {shown.replication_factor, shown.partitions, {}};
    for (const auto& [key, value] : topic.configs) state.configs.emplace(key, model::shown_value(key, value));
  }
  return snapshot;
}

model::Topics ModelCluster::topics() const {
  const MutexLock lock(mutex_);
  return broker_.topics();
}

std::vector<SentItem> ModelCluster::sent() const {
  const MutexLock lock(mutex_);
  return sent_;
}

}  // namespace sluice::test
