// Audit records in memory: the port that pages through them, for use cases and routes.
#pragma once

#include <algorithm>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "audit/domain/repository/record_repository.h"

namespace sluice::test {

class MemoryRecords final : public audit::domain::RecordRepository {
 public:
  std::vector<audit::domain::Record> records;
  std::size_t read = 0;         // rows handed out
  std::optional<Error> failure;  // instead of an answer

  // One more sound record at the end of its chain, a millisecond later each.
  void add(const std::string& environment, const std::string& name) {
    audit::domain::Record record;
    record.environment = environment;
    record.name = name;
    record.action = "topic.create";
    record.target = "topic";
    record.outcome = "done";
    record.actor = {"kim", "kim", "", ""};
    record.at = TimePoint{std::chrono::milliseconds{1'790'000'000'000 + static_cast<std::int64_t>(records.size())}};
    record.seq = 1;
    record.prev = audit::domain::kNoHash;
    for (const auto& other : records) {
      if (other.environment != environment) continue;
      record.seq = other.seq + 1;
      record.prev = other.hash;
    }
    record.hash = audit::domain::hash_of(record);
    records.push_back(record);
  }

  Result<std::vector<audit::domain::Record>> page(const audit::domain::RecordFilter& filter,
                                                  audit::domain::RecordOrder order,
                                                  const std::optional<audit::domain::RecordPlace>& after,
                                                  std::size_t limit, Deadline) override {
    if (failure) return *failure;
    const bool newest = order == audit::domain::RecordOrder::kNewest;
    const auto place = [newest](const auto& r) {
      return std::tuple(newest ? -r.at.time_since_epoch().count() : 0, r.environment, r.seq);
    };
    std::vector<const audit::domain::Record*> wanted;
    for (const auto& record : records) {
      if (after && place(record) <= place(*after)) continue;
      if (filter.name.empty() || filter.name == record.name) wanted.push_back(&record);
    }
    const std::size_t count = std::min(limit, wanted.size());
    std::partial_sort(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(count), wanted.end(),
                      [&](const auto* a, const auto* b) { return place(*a) < place(*b); });
    std::vector<audit::domain::Record> found;
    for (std::size_t i = 0; i < count; ++i) found.push_back(*wanted[i]);
    read += found.size();
    return found;
  }
};

}  // namespace sluice::test
