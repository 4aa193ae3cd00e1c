#include <fmt/format.h>

#include "platform/core/resolve.h"
#include "platform/postgres/conninfo.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {

Result<std::vector<std::string>> resolve(const std::string& host, Deadline deadline) {
  const bool is_socket_folder = host.empty() || host.front() == '/' || host.front() == '@';
  if (is_socket_folder) return std::vector<std::string>{host};
  auto addresses = resolve_host(host, deadline);
  if (addresses) return addresses;
  const Error& error = addresses.error();
  return sql::errors::unavailable(
      fmt::format("the database's host name {} can't be resolved: {}", host, error.message), error.fix);
}

}  // namespace sluice::postgres
