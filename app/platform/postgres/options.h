// How to reach PostgreSQL. Plain values.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>

namespace sluice::postgres {

struct ConnectionOptions {
  // postgresql://user:password@host[,host…]:port/database?sslmode=…, or libpq's key=value form.
  // Several hosts: the first that accepts writes. Never logged; errors mask the password.
  std::string url;
  std::string role = "server";    // application_name=sluice/<role>
  std::string schema = "sluice";  // the search path: a shared database is not littered
  std::chrono::milliseconds statement_timeout{5'000};  // zero: none but the caller's deadline
  std::chrono::milliseconds lock_timeout{2'000};
  std::chrono::milliseconds idle_in_transaction_timeout{10'000};
  // Asked when the process is about to end: from then on no wait lasts longer than a second.
  std::stop_token hurry{};
};

struct PoolOptions {
  ConnectionOptions connection;
  std::size_t max_connections = 8;
  std::chrono::milliseconds max_lifetime{30 * 60'000};  // so that load spreads after a failover
  std::chrono::milliseconds ping_after_idle{30'000};    // ask before use when idle for longer
};

}  // namespace sluice::postgres
