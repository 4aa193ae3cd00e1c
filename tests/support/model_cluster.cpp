#include "support/model_cluster.h"

#include <algorithm>
#include <set>

#include "support/model/client.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using domain::CallOutcome;
using domain::CallResult;
using domain::TopicName;

// A read that lags has caught up after far fewer looks.
constexpr int kMostLooks = 1'000;

CallResult lost() { return {CallOutcome::kUnknown, "kafka.timeout", "Local: Timed out", true}; }

std::optional<CallResult> undone(Fault fault) {
  switch (fault) {
    case Fault::kRefuse:
      return CallResult{CallOutcome::kRefused, "NOT_CONTROLLER", "Broker: Not controller for cluster", true};
    case Fault::kNotSent:
      return CallResult{CallOutcome::kNotSent, "kafka.not-sent",
                        "the deadline passed before the request was sent", true};
    case Fault::kUnknownUndone: return lost();
    case Fault::kNone:
    case Fault::kUnknownDone: return std::nullopt;
  }
  return std::nullopt;
}

CallResult result_of(const model::Answer& answer, Fault fault) {
  if (fault == Fault::kUnknownDone) return lost();
  if (!answer) return {};
  return {CallOutcome::kRefused, answer->code, answer->words, false};
}

CallResult not_sent(const model::Refusal& refusal) {
  return {CallOutcome::kNotSent, model::client_code(refusal), refusal.words, false};
}

bool is_internal(const TopicName& name) {
  const auto& text = name.str();
  return text == "__consumer_offsets" || text == "__transaction_state" || text == "__share_group_state";
}

std::vector<domain::PartitionPlacement> placements(const model::Topic& topic) {
  std::vector<domain::PartitionPlacement> placed;
  for (const model::Partition& partition : topic.partitions) {
    placed.push_back({static_cast<std::int32_t>(placed.size()), partition.replicas.front(),
                      model::replicas_shown(partition), partition.replicas});
  }
  return placed;
}

template <typename Item>
void judge(domain::BrokerCall call, const std::vector<Item>& probes, const auto& send,
           std::vector<domain::BrokerVerdict>& verdicts) {
  std::vector<model::Answer> answers = model::refused_by_client<Item>(probes);
  for (const auto& batch : model::requests_for<Item>(probes, answers)) {
    std::vector<Item> items;
    for (const std::size_t i : batch) items.push_back(probes[i]);
    const model::Answers said = send(items);
    for (std::size_t i = 0; i < batch.size(); ++i) answers[batch[i]] = said[i];
  }
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const auto& answer = answers[i];
    verdicts.push_back({probes[i].name, call, !answer, answer ? answer->code : "", answer ? answer->words : ""});
  }
}

}  // namespace

bool is_mutating(ModelCall call) {
  return call >= ModelCall::kCreate && call <= ModelCall::kReassign;
}

ModelCluster::ModelCluster(model::BrokerOptions options) : broker_(std::move(options)) {}

template <typename Step>
auto ModelCluster::between_hooks(ModelCall call, Step step) {
  Hook before;
  Hook after;
  {
    const MutexLock lock(mutex_);
    before = before_;
    after = after_;
  }
  if (before) before(call);
  auto result = step();
  if (after) after(call);
  return result;
}

Fault ModelCluster::fault_of(ModelCall call, const TopicName* topic) {
  return faults_ ? faults_(call, topic) : Fault::kNone;
}

Status ModelCluster::ask(ModelCall call) {
  const Fault fault = fault_of(call, nullptr);
  if (fault == Fault::kRefuse || fault == Fault::kNotSent) {
    return Error{ErrorKind::kUnavailable, "kafka.unreachable", "Local: Broker transport failure", "", {}};
  }
  ++others_;
  if (fault == Fault::kNone) return {};
  return Error{ErrorKind::kTimeout, "kafka.timeout", "Local: Timed out", "", {}};
}

// --- reading ----------------------------------------------------------------------------------

std::optional<model::Topic> ModelCluster::current(const TopicName& name) const {
  const auto found = broker_.topics().find(name);
  return found == broker_.topics().end() ? std::nullopt : std::optional(found->second);
}

std::optional<model::Topic> ModelCluster::look(const TopicName& name) {
  const auto late = lagging_.find(name);
  if (late == lagging_.end()) return current(name);
  if (late->second.reads_left-- > 0) return late->second.seen;
  lagging_.erase(late);
  return current(name);
}

void ModelCluster::keep_old_view(const TopicName& name, std::optional<model::Topic> before) {
  const auto [late, is_new] = lagging_.try_emplace(name, Lagging{std::move(before), read_lag_});
  if (!is_new) late->second.reads_left = read_lag_;
}

domain::ClusterState ModelCluster::state_of_brokers() const {
  domain::ClusterState state;
  const model::BrokerOptions& options = broker_.options();
  state.cluster_id = options.cluster_id;
  state.broker_count = options.brokers;
  state.defaults = broker_.defaults();
  state.default_partitions = options.default_partitions;
  state.default_replication_factor = options.default_replication_factor;
  return state;
}

domain::LiveTopic ModelCluster::live(const TopicName& name, const model::Topic& topic) const {
  domain::LiveTopic seen;
  seen.topic_id = topic.id;
  seen.internal = is_internal(name);
  seen.partitions = static_cast<std::int32_t>(topic.partitions.size());
  for (const auto& [key, value] : broker_.defaults()) {
    seen.configs.emplace_hint(seen.configs.end(), key,
                              domain::LiveConfig{value, domain::ValueSource::kBroker, value});
  }
  for (const auto& [key, value] : topic.configs) {
    domain::LiveConfig& config = seen.configs[key];
    config.value = model::shown_value(key, value);
    config.source = domain::ValueSource::kTopic;
  }
  for (const model::Partition& partition : topic.partitions) {
    const auto replicas = static_cast<std::int32_t>(model::replicas_shown(partition).size());
    seen.replication_factor =
        seen.replication_factor == 0 ? replicas : std::min(seen.replication_factor, replicas);
  }
  return seen;
}

Result<std::string> ModelCluster::cluster_id(Deadline) {
  return between_hooks(ModelCall::kClusterId, [&]() -> Result<std::string> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kClusterId));
    return broker_.options().cluster_id;
  });
}

Result<std::vector<TopicName>> ModelCluster::list(Deadline) {
  return between_hooks(ModelCall::kList, [&]() -> Result<std::vector<TopicName>> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kList));
    std::set<TopicName> known;
    for (const auto& [name, topic] : broker_.topics()) known.insert(name);
    for (const auto& [name, late] : lagging_) known.insert(name);
    std::vector<TopicName> names;
    for (const TopicName& name : known) {
      if (look(name)) names.push_back(name);
    }
    return names;
  });
}

Result<domain::ClusterState> ModelCluster::read(std::span<const TopicName> names, Deadline) {
  return between_hooks(ModelCall::kRead, [&]() -> Result<domain::ClusterState> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kRead));
    domain::ClusterState state = state_of_brokers();
    for (const TopicName& name : names) {
      if (const auto topic = look(name)) state.topics.emplace(name, live(name, *topic));
    }
    return state;
  });
}

Result<std::map<TopicName, std::vector<domain::GroupUse>>> ModelCluster::groups_of(
    std::span<const TopicName> names, Deadline) {
  using Uses = std::map<TopicName, std::vector<domain::GroupUse>>;
  return between_hooks(ModelCall::kGroups, [&]() -> Result<Uses> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kGroups));
    Uses uses;
    for (const TopicName& name : names) {
      const auto found = groups_.find(name);
      if (found != groups_.end()) uses.emplace(name, found->second);
    }
    return uses;
  });
}

Result<std::map<TopicName, std::int64_t>> ModelCluster::records_of(std::span<const TopicName> names, Deadline) {
  using Records = std::map<TopicName, std::int64_t>;
  return between_hooks(ModelCall::kRecords, [&]() -> Result<Records> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kRecords));
    Records records;
    for (const TopicName& name : names) {
      const auto topic = look(name);
      if (!topic) continue;
      std::int64_t& sum = records[name];
      for (const model::Partition& partition : topic->partitions) sum += partition.end_offset;
    }
    return records;
  });
}

Result<domain::ReplicaLayout> ModelCluster::layout_of(std::span<const TopicName> names, Deadline) {
  return between_hooks(ModelCall::kLayout, [&]() -> Result<domain::ReplicaLayout> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kLayout));
    domain::ReplicaLayout layout;
    for (std::int32_t id = 1; id <= broker_.options().brokers; ++id) layout.brokers.push_back({id, "", 0});
    for (const TopicName& name : names) {
      const auto topic = look(name);
      if (!topic) continue;
      domain::TopicLayout& placed = layout.topics[name];
      placed.partitions = placements(*topic);
      placed.is_moving = std::any_of(topic->partitions.begin(), topic->partitions.end(),
                                     [](const model::Partition& partition) { return !partition.moving_to.empty(); });
      for (const auto& partition : placed.partitions) placed.bytes[partition.id] = 0;
    }
    return layout;
  });
}

Result<std::vector<domain::BrokerVerdict>> ModelCluster::validate(const domain::Probes& probes, Deadline) {
  using Verdicts = std::vector<domain::BrokerVerdict>;
  return between_hooks(ModelCall::kValidate, [&]() -> Result<Verdicts> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kValidate));
    constexpr auto kDryRun = model::ForReal::kNo;
    Verdicts verdicts;
    judge(domain::BrokerCall::kCreateTopic, probes.creates,
          [&](const auto& items) { return broker_.create(items, kDryRun); }, verdicts);
    judge(domain::BrokerCall::kCreatePartitions, probes.partitions,
          [&](const auto& items) { return broker_.grow(items, kDryRun); }, verdicts);
    judge(domain::BrokerCall::kAlterConfigs, probes.configs,
          [&](const auto& items) { return broker_.alter(items, kDryRun); }, verdicts);
    return verdicts;
  });
}

Result<bool> ModelCluster::await_existence(std::span<const std::pair<TopicName, bool>> expected,
                                           Deadline deadline) {
  return between_hooks(ModelCall::kAwait, [&]() -> Result<bool> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kAwait));
    for (int looks = 0; looks < kMostLooks && !deadline.expired(); ++looks) {
      if (std::all_of(expected.begin(), expected.end(), [&](const auto& entry) {
            return look(entry.first).has_value() == entry.second;
          })) {
        return true;
      }
    }
    return false;
  });
}

Result<std::map<TopicName, domain::TopicDetails>> ModelCluster::describe(std::span<const TopicName> names, Deadline) {
  using Details = std::map<TopicName, domain::TopicDetails>;
  return between_hooks(ModelCall::kDescribe, [&]() -> Result<Details> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kDescribe));
    Details details;
    for (const TopicName& name : names) {
      const auto topic = look(name);
      if (topic) details.emplace(name, domain::TopicDetails{live(name, *topic), placements(*topic)});
    }
    return details;
  });
}

// --- changing ---------------------------------------------------------------------------------

template <typename Item, typename Send>
void ModelCluster::send_batch(ModelCall call, std::span<const Item> items, std::span<const Fault> faults,
                              Send send, std::span<CallResult> results) {
  std::vector<Item> arriving;
  std::vector<std::size_t> places;
  std::vector<std::optional<model::Topic>> before;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (auto result = undone(faults[i])) {
      results[i] = std::move(*result);
      continue;
    }
    arriving.push_back(items[i]);
    places.push_back(i);
    before.push_back(read_lag_ > 0 ? current(model::name_of(items[i])) : std::nullopt);
  }
  const model::Answers answers = send(arriving);
  for (std::size_t i = 0; i < arriving.size(); ++i) {
    const TopicName& name = model::name_of(arriving[i]);
    sent_.push_back({call, name, !answers[i]});
    if (!answers[i] && read_lag_ > 0) keep_old_view(name, std::move(before[i]));
    results[places[i]] = result_of(answers[i], faults[places[i]]);
  }
}

template <typename Item, typename Send>
std::vector<CallResult> ModelCluster::mutate(ModelCall call, std::span<const Item> given, Send send) {
  return between_hooks(call, [&] {
    const MutexLock lock(mutex_);
    const std::vector<Item> items(given.begin(), given.end());
    std::vector<CallResult> results(items.size());
    std::vector<model::Answer> unsent = model::refused_by_client<Item>(items);
    std::vector<Fault> faults;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (unsent[i]) results[i] = not_sent(*unsent[i]);
      faults.push_back(unsent[i] ? Fault::kNone : fault_of(call, &model::name_of(items[i])));
      if (faults[i] != Fault::kNotSent) continue;
      results[i] = *undone(faults[i]);
      unsent[i] = model::Refusal{};
    }
    for (const auto& batch : model::requests_for<Item>(items, unsent)) {
      ++mutating_;
      std::vector<Item> sent;
      std::vector<Fault> sent_faults;
      for (const std::size_t i : batch) {
        sent.push_back(items[i]);
        sent_faults.push_back(faults[i]);
      }
      std::vector<CallResult> answers(batch.size());
      send_batch<Item>(call, sent, sent_faults, send, answers);
      for (std::size_t i = 0; i < batch.size(); ++i) results[batch[i]] = std::move(answers[i]);
    }
    return results;
  });
}

std::vector<CallResult> ModelCluster::create(std::span<const domain::CreateProbe> topics, Deadline) {
  return mutate(ModelCall::kCreate, topics,
                [this](const auto& items) { return broker_.create(items, model::ForReal::kYes); });
}

std::vector<CallResult> ModelCluster::grow(std::span<const domain::PartitionsProbe> topics, Deadline) {
  return mutate(ModelCall::kGrow, topics,
                [this](const auto& items) { return broker_.grow(items, model::ForReal::kYes); });
}

std::vector<CallResult> ModelCluster::alter(std::span<const domain::ConfigProbe> topics, Deadline) {
  return mutate(ModelCall::kAlter, topics,
                [this](const auto& items) { return broker_.alter(items, model::ForReal::kYes); });
}

std::vector<CallResult> ModelCluster::remove(std::span<const TopicName> topics, Deadline) {
  return mutate(ModelCall::kRemove, topics, [this](const auto& items) {
    model::Answers answers;
    for (const TopicName& name : items) answers.push_back(broker_.remove(name));
    return answers;
  });
}

std::vector<CallResult> ModelCluster::reassign(std::span<const domain::ReplicaMove> moves, std::int64_t,
                                               Deadline) {
  return mutate(ModelCall::kReassign, moves, [this](const auto& items) {
    model::Answers answers;
    for (const domain::ReplicaMove& move : items) answers.push_back(broker_.reassign(move));
    return answers;
  });
}

Result<domain::MoveProgress> ModelCluster::moves_of(std::span<const TopicName> topics, std::int64_t,
                                                     Deadline) {
  return between_hooks(ModelCall::kMoves, [&]() -> Result<domain::MoveProgress> {
    const MutexLock lock(mutex_);
    SLUICE_CHECK(ask(ModelCall::kMoves));
    const auto left = broker_.move_on({topics.begin(), topics.end()}, move_speed_);
    return domain::MoveProgress{left > 0, left};
  });
}

}  // namespace sluice::test
