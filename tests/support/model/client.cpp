#include "support/model/client.h"

#include <algorithm>
#include <unordered_map>

namespace sluice::test::model {
namespace {

namespace domain = governance::domain;

constexpr std::int32_t kMostPartitions = 100'000;  // librdkafka's
constexpr std::size_t kMostItems = 500;
constexpr std::size_t kMostPartitionsOrRecords = 10'000;

struct Cost {
  std::size_t partitions = 0;
  std::size_t records = 0;
};

std::size_t at_least_one(std::int32_t count) { return static_cast<std::size_t>(std::max(count, 1)); }

Cost cost_of(const domain::CreateProbe& probe) {
  const auto partitions = at_least_one(probe.partitions);
  return {partitions, 1 + partitions + probe.configs.size()};
}
Cost cost_of(const domain::PartitionsProbe& probe) {
  return {at_least_one(probe.total), at_least_one(probe.total)};
}
Cost cost_of(const domain::ConfigProbe& probe) { return {0, probe.set.size() + probe.unset.size()}; }
Cost cost_of(const domain::TopicName&) { return {}; }
Cost cost_of(const domain::ReplicaMove&) { return {}; }

Answer invalid(std::string words) { return Refusal{"INVALID_ARG", std::move(words)}; }

Answer unsendable(const domain::CreateProbe& probe) {
  if (probe.partitions <= kMostPartitions) return std::nullopt;
  return invalid("num_partitions out of expected range 1..100000 or -1 for broker default");
}
Answer unsendable(const domain::PartitionsProbe& probe) {
  if (probe.total >= 1 && probe.total <= kMostPartitions) return std::nullopt;
  return invalid("new_total_cnt out of expected range 1..100000");
}
Answer unsendable(const domain::ConfigProbe&) { return std::nullopt; }
Answer unsendable(const domain::TopicName&) { return std::nullopt; }

}  // namespace

template <typename Item>
Answers refused_by_client(std::span<const Item> items) {
  std::unordered_map<std::string_view, int> times;
  for (const Item& item : items) ++times[name_of(item).view()];
  Answers answers;
  for (const Item& item : items) {
    const auto& name = name_of(item).str();
    if (name.empty()) {
      answers.push_back(invalid("the name is empty"));
    } else if (times[name] > 1) {
      answers.push_back(Refusal{"DUPLICATE_ITEM", "\"" + name + "\" comes more than once in one call"});
    } else {
      answers.push_back(unsendable(item));
    }
  }
  return answers;
}

template <>
Answers refused_by_client(std::span<const domain::ReplicaMove> moves) {
  return Answers(moves.size());  // several partitions of one topic
}

template <typename Item>
std::vector<std::vector<std::size_t>> requests_for(std::span<const Item> items, std::span<const Answer> answered) {
  std::vector<std::vector<std::size_t>> requests;
  Cost sum;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (answered[i]) continue;
    const Cost cost = cost_of(items[i]);
    const bool fits = !requests.empty() && requests.back().size() < kMostItems &&
                      sum.partitions + cost.partitions <= kMostPartitionsOrRecords &&
                      sum.records + cost.records <= kMostPartitionsOrRecords;
    if (!fits) {
      requests.emplace_back();
      sum = {};
    }
    requests.back().push_back(i);
    sum.partitions += cost.partitions;
    sum.records += cost.records;
  }
  return requests;
}

std::string client_code(const Refusal& refusal) {
  return refusal.code == "DUPLICATE_ITEM" ? "kafka.duplicate-item" : "kafka.invalid-arg";
}

std::vector<std::int32_t> replicas_shown(const Partition& partition) {
  std::vector<std::int32_t> shown = partition.moving_to;
  for (const std::int32_t broker : partition.replicas) {
    if (std::find(shown.begin(), shown.end(), broker) == shown.end()) shown.push_back(broker);
  }
  return shown;
}

template Answers refused_by_client(std::span<const domain::CreateProbe>);
template Answers refused_by_client(std::span<const domain::PartitionsProbe>);
template Answers refused_by_client(std::span<const domain::ConfigProbe>);
template Answers refused_by_client(std::span<const domain::TopicName>);
template std::vector<std::vector<std::size_t>> requests_for(std::span<const domain::CreateProbe>,
                                                            std::span<const Answer>);
template std::vector<std::vector<std::size_t>> requests_for(std::span<const domain::PartitionsProbe>,
                                                            std::span<const Answer>);
template std::vector<std::vector<std::size_t>> requests_for(std::span<const domain::ConfigProbe>,
                                                            std::span<const Answer>);
template std::vector<std::vector<std::size_t>> requests_for(std::span<const domain::TopicName>,
                                                            std::span<const Answer>);
template std::vector<std::vector<std::size_t>> requests_for(std::span<const domain::ReplicaMove>,
                                                            std::span<const Answer>);

}  // namespace sluice::test::model
