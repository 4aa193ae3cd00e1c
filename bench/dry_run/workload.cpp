#include "workload.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace sluice::bench {
namespace {

constexpr int kExisting = 2'000;
constexpr int kItems = 1'000;

enum class Change { kNone, kCreate, kPartitions, kRetention };

// Every ten items have the same mix.
Change change_of(int item) {
  constexpr Change kMix[] = {Change::kNone,      Change::kNone, Change::kNone, Change::kRetention,
                             Change::kNone,      Change::kNone, Change::kNone, Change::kPartitions,
                             Change::kRetention, Change::kCreate};
  return kMix[item % 10];
}

nlohmann::json item_of(const std::string& name, Change change) {
  return {{"name", name},
          {"config",
           {{"partitions", change == Change::kPartitions ? 2 : 1},
            {"replicationFactor", 1},
            {"retention.ms", change == Change::kRetention ? kOtherRetention : kRetention},
            {"compression.type", kCompression}}},
          {"metadata", {{"owner", "team-bench"}}}};
}

}  // namespace

Workload make_workload() {
  Workload workload;
  for (int i = 0; i < kExisting; ++i) {
    workload.existing.push_back(fmt::format("dev.bench.topic-{:04}", i));
  }
  for (int i = 0; i < kItems; ++i) {
    const Change change = change_of(i);
    const std::string name = change == Change::kCreate
                                 ? fmt::format("dev.bench.new-{:04}", i)
                                 : workload.existing[static_cast<std::size_t>(2 * i)];
    workload.items.push_back(name);
    if (change == Change::kCreate) workload.creates.push_back(name);
    if (change == Change::kPartitions) workload.more_partitions.push_back(name);
    if (change == Change::kRetention) workload.other_retention.push_back(name);
  }
  return workload;
}

std::string to_json(const Workload& workload) {
  nlohmann::json items = nlohmann::json::array();
  for (int i = 0; i < kItems; ++i) {
    items.push_back(item_of(workload.items[static_cast<std::size_t>(i)], change_of(i)));
  }
  return nlohmann::json{
      {"kind", "TopicBatch"}, {"env", "dev"}, {"changeId", "bench"}, {"items", std::move(items)}}
      .dump();
}

}  // namespace sluice::bench
