#include "governance/application/catalogue/live_topics.h"

#include <vector>

namespace sluice::governance::application {
namespace {

using domain::TopicName;

Error too_late() {
  return {ErrorKind::kTimeout, "topic.not-read", "The cluster was not asked in time: other questions came first.",
          "Try again.", {}};
}

}  // namespace

Result<LiveTopics::Seen> LiveTopics::find(const GovernedEnvironment& environment, const TopicName& name,
                                          Deadline deadline) {
  SLUICE_TRY(Step step, next_step(environment.cluster, name, deadline));
  if (step.answer) return step.answer;
  ask(environment, step, deadline);
  if (step.to_ask->failure) return *step.to_ask->failure;
  return step.to_ask->topics.at(name);
}

Result<LiveTopics::Step> LiveTopics::next_step(const domain::TopicCluster* cluster, const TopicName& name,
                                               Deadline deadline) {
  MutexLock lock(mutex_);
  Memory& memory = clusters_[cluster];
  if (Seen seen = remembered(memory, name)) return Step{std::move(seen), nullptr, 0};
  if (!memory.next) memory.next = std::make_shared<Question>();
  const std::shared_ptr<Question> question = memory.next;
  question->topics.try_emplace(name);
  while (!question->answered) {
    if (!memory.reading && memory.next == question) {
      memory.next = nullptr;
      memory.reading = true;
      // The read before this one may have answered some of it.
      for (auto& [topic, seen] : question->topics) seen = remembered(memory, topic);
      return Step{nullptr, question, memory.changes};
    }
    if (!answered_.wait_until(mutex_, deadline) && deadline.expired()) return too_late();
  }
  if (question->failure) return *question->failure;
  return Step{question->topics.at(name), nullptr, 0};
}

// Only the one whose step it is touches the question until it is answered.
void LiveTopics::ask(const GovernedEnvironment& environment, const Step& step, Deadline deadline) {
  Question& question = *step.to_ask;
  std::vector<TopicName> names;
  for (const auto& [name, seen] : question.topics) {
    if (!seen) names.push_back(name);
  }
  const TimePoint now = clock_.now();
  using Details = std::map<TopicName, domain::TopicDetails>;
  Result<Details> found = names.empty() ? Result<Details>(Details()) : describe(environment, names, deadline);
  MutexLock lock(mutex_);
  if (!found) question.failure = found.error();
  for (const TopicName& name : names) {
    if (!found) break;
    const auto topic = found->find(name);
    const bool there = topic != found->end();
    question.topics[name] = std::make_shared<const SeenTopic>(
        SeenTopic{there ? std::optional(std::move(topic->second)) : std::nullopt, now});
  }
  Memory& memory = clusters_[environment.cluster];
  if (found && memory.changes == step.changes) remember(memory, question);
  question.answered = true;
  memory.reading = false;
  answered_.notify_all();
}

LiveTopics::Seen LiveTopics::remembered(const Memory& memory, const TopicName& name) const {
  const TimePoint now = clock_.now();
  for (const Topics* topics : {&memory.young, &memory.old}) {
    const auto found = topics->find(name.str());
    if (found == topics->end()) continue;
    const auto age = now - found->second->read_at;
    if (age >= age.zero() && age < kMaxAge) return found->second;
  }
  return nullptr;
}

void LiveTopics::remember(Memory& memory, const Question& question) {
  const TimePoint now = clock_.now();
  for (const auto& [name, seen] : question.topics) {
    if (memory.young.size() >= kMostTopics / 2 || now - memory.young_since >= kMaxAge) {
      memory.old = std::exchange(memory.young, {});
      memory.young_since = now;
    }
    memory.young.insert_or_assign(name.str(), seen);
  }
}

void LiveTopics::forget(const domain::TopicCluster& cluster, std::span<const TopicName> names) {
  MutexLock lock(mutex_);
  Memory& memory = clusters_[&cluster];
  ++memory.changes;
  for (const TopicName& name : names) {
    memory.young.erase(name.str());
    memory.old.erase(name.str());
  }
}

}  // namespace sluice::governance::application
