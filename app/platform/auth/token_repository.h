// Where service tokens are kept. Thread-safe; every call may wait until its deadline. A store that
// does not answer is an Error of kind kUnavailable or kTimeout.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "platform/auth/service_token.h"
#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice::auth {

// What has to be written with the change of a token or not at all, as the transaction's last
// statements. A store without transactions of that kind leaves it out.
using WithChange = std::function<Status(sql::Session&)>;

class TokenRepository {
 public:
  virtual ~TokenRepository() = default;

  // kConflict when the id exists.
  virtual Status add(const ServiceToken& token, Deadline deadline, const WithChange& also = {}) = 0;
  virtual Result<std::optional<ServiceToken>> find(std::string_view id, Deadline deadline) = 0;
  // By id, those after `after_id` ("" = from the start), at most `limit`.
  virtual Result<std::vector<ServiceToken>> list(std::string_view after_id, int limit,
                                                 Deadline deadline) = 0;
  // False: no such token. A second revocation keeps the time of the first.
  virtual Result<bool> revoke(std::string_view id, TimePoint at, Deadline deadline, const WithChange& also = {}) = 0;
  // Notes a use; the time never goes backwards, and an unknown id is no error.
  virtual Status touch(std::string_view id, TimePoint at, Deadline deadline) = 0;
};

}  // namespace sluice::auth
