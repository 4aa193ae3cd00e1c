// For tests: the queue in memory, with a clock that the test moves.
#pragma once

#include <algorithm>
#include <vector>

#include "notify/domain/repository/delivery_store.h"

namespace sluice::notify::application {

class MemoryDeliveryStore final : public domain::DeliveryStore {
 public:
  struct Row {
    domain::Delivery delivery;
    domain::DeliveryState state = domain::DeliveryState::kPending;
    std::int64_t due = 0;
    std::int64_t lease_until = 0;
    std::string reason;
  };

  Result<std::optional<domain::Delivery>> claim(const std::string& target, std::chrono::milliseconds lease) override {
    for (Row& row : rows) {
      const bool free = row.state == domain::DeliveryState::kPending && row.due <= now && row.lease_until <= now;
      if (!free || row.delivery.target != target) continue;
      ++row.delivery.attempts;
      row.lease_until = now + lease.count();
      return std::optional(row.delivery);
    }
    return std::optional<domain::Delivery>();
  }
  Result<bool> mark_delivered(const domain::Delivery& claimed) override {
    if (fail_marks) return Error{ErrorKind::kUnavailable, "sql.unavailable", "away", "", {}};
    return end(claimed, domain::DeliveryState::kDelivered, "");
  }
  Result<bool> mark_dead(const domain::Delivery& claimed, const std::string& reason) override {
    return end(claimed, domain::DeliveryState::kDead, reason);
  }
  Result<bool> postpone(const domain::Delivery& claimed, std::chrono::milliseconds wait, const std::string& reason) override {
    Row* row = at(claimed);
    if (row == nullptr) return false;
    row->due = now + wait.count();
    row->lease_until = 0;
    row->reason = reason;
    return true;
  }
  Result<std::map<std::string, std::int64_t>> end_overdue(std::chrono::milliseconds) override { return counts; }
  Result<std::map<std::string, std::int64_t>> end_beyond(std::int64_t) override { return counts; }
  Status drop_ended(std::chrono::milliseconds) override { return {}; }
  Result<std::map<std::string, std::int64_t>> count_pending() override { return counts; }
  Result<std::vector<domain::DeliveryRecord>> list(const domain::DeliveryFilter&, const std::string&, int) override {
    return std::vector<domain::DeliveryRecord>();
  }
  Result<std::optional<domain::DeliveryRecord>> find(const std::string&) override {
    return std::optional<domain::DeliveryRecord>();
  }
  Result<bool> revive(const std::string&) override { return false; }

  std::vector<Row> rows;
  std::map<std::string, std::int64_t> counts;
  std::int64_t now = 0;
  bool fail_marks = false;

 private:
  Row* at(const domain::Delivery& claimed) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) {
      return one.delivery.id == claimed.id && one.delivery.attempts == claimed.attempts &&
             one.state == domain::DeliveryState::kPending;
    });
    return row == rows.end() ? nullptr : &*row;
  }
  Result<bool> end(const domain::Delivery& claimed, domain::DeliveryState state, const std::string& reason) {
    Row* row = at(claimed);
    if (row == nullptr) return false;
    row->state = state;
    row->reason = reason;
    return true;
  }
};

}  // namespace sluice::notify::application
