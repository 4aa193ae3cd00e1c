// Service tokens in the table auth_service_tokens, on PostgreSQL or SQLite. Thread-safe.
#pragma once

#include "platform/auth/token_repository.h"
#include "platform/sql/database.h"

namespace sluice::auth {

class SqlTokenRepository final : public TokenRepository {
 public:
  explicit SqlTokenRepository(sql::Database& database) : database_(database) {}

  Status add(const ServiceToken& token, Deadline deadline, const WithChange& also = {}) override;
  Result<std::optional<ServiceToken>> find(std::string_view id, Deadline deadline) override;
  Result<std::vector<ServiceToken>> list(std::string_view after_id, int limit,
                                         Deadline deadline) override;
  Result<bool> revoke(std::string_view id, TimePoint at, Deadline deadline, const WithChange& also = {}) override;
  Status touch(std::string_view id, TimePoint at, Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace sluice::auth
