// Topics as their clusters have them, remembered for two seconds: however many ask, each cluster is
// asked one question at a time, about all the topics that are asked for meanwhile. Topics that are not
// there are remembered alike, and no more than kMostTopics of a cluster at once. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "governance/application/environments.h"
#include "platform/core/clock.h"
#include "platform/core/mutex.h"

namespace sluice::governance::application {

struct SeenTopic {
  std::optional<domain::TopicDetails> details;  // nothing: it is not there
  TimePoint read_at;
};

class LiveTopics {
 public:
  static constexpr std::chrono::milliseconds kMaxAge{2000};
  static constexpr std::size_t kMostTopics = 4000;

  using Seen = std::shared_ptr<const SeenTopic>;

  explicit LiveTopics(const Clock& clock) : clock_(clock) {}

  // No older than kMaxAge. Blocks until the deadline at most; a failure is not remembered.
  Result<Seen> find(const GovernedEnvironment& environment, const domain::TopicName& name, Deadline deadline)
      SLUICE_EXCLUDES(mutex_);
  // After a change of these topics: whoever asks from now on is told what is so from now on.
  void forget(const domain::TopicCluster& cluster, std::span<const domain::TopicName> names) SLUICE_EXCLUDES(mutex_);

 private:
  using Topics = std::unordered_map<std::string, Seen>;
  // What one read is to answer, or has answered.
  struct Question {
    std::map<domain::TopicName, Seen> topics;
    bool answered = false;
    std::optional<Error> failure;
  };
  struct Memory {
    // Two generations: the older one goes when the younger one is full or has the age.
    Topics young;
    Topics old;
    TimePoint young_since;
    std::shared_ptr<Question> next;  // being collected while a read is under way
    bool reading = false;
    std::uint64_t changes = 0;  // a read that a change overtakes is not remembered
  };
  // What the caller is to do: take the answer, or ask the cluster.
  struct Step {
    Seen answer;
    std::shared_ptr<Question> to_ask;
    std::uint64_t changes = 0;
  };

  Result<Step> next_step(const domain::TopicCluster* cluster, const domain::TopicName& name, Deadline deadline)
      SLUICE_EXCLUDES(mutex_);
  void ask(const GovernedEnvironment& environment, const Step& step, Deadline deadline) SLUICE_EXCLUDES(mutex_);
  Seen remembered(const Memory& memory, const domain::TopicName& name) const SLUICE_REQUIRES(mutex_);
  void remember(Memory& memory, const Question& question) SLUICE_REQUIRES(mutex_);

  const Clock& clock_;
  Mutex mutex_;
  ConditionVariable answered_;
  std::map<const domain::TopicCluster*, Memory> clusters_ SLUICE_GUARDED_BY(mutex_);
};

}  // namespace sluice::governance::application
