// The queue in the metadata database, PostgreSQL or SQLite alike (table notify_deliveries).
#pragma once

#include "notify/domain/repository/delivery_store.h"
#include "platform/sql/database.h"

namespace sluice::notify::infrastructure {

class SqlDeliveryStore final : public domain::DeliveryStore {
 public:
  explicit SqlDeliveryStore(sql::Database& database) : database_(database) {}

  Result<std::optional<domain::Delivery>> claim(const std::string& target, std::chrono::milliseconds lease) override;
  Result<bool> mark_delivered(const domain::Delivery& claimed) override;
  Result<bool> mark_dead(const domain::Delivery& claimed, const std::string& reason) override;
  Result<bool> postpone(const domain::Delivery& claimed, std::chrono::milliseconds wait,
                        const std::string& reason) override;
  Result<std::map<std::string, std::int64_t>> end_overdue(std::chrono::milliseconds max_age) override;
  Result<std::map<std::string, std::int64_t>> end_beyond(std::int64_t limit) override;
  Status drop_ended(std::chrono::milliseconds after) override;
  Result<std::map<std::string, std::int64_t>> count_pending() override;
  Result<std::vector<domain::DeliveryRecord>> list(const domain::DeliveryFilter& filter, const std::string& before_id,
                                                   int limit) override;
  Result<std::optional<domain::DeliveryRecord>> find(const std::string& id) override;
  Result<bool> revive(const std::string& id) override;

 private:
  Result<bool> execute_one(std::string_view statement, const sql::Params& params);
  [[nodiscard]] std::string in_dialect(std::string_view statement) const;

  sql::Database& database_;
};

// "@now" becomes the database's clock, in milliseconds since 1970; "@unlocked" skips rows that others
// are at, where the database has such a thing.
std::string in_dialect(sql::Dialect dialect, std::string_view statement);

}  // namespace sluice::notify::infrastructure
