#include "platform/postgres/wire.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

constexpr int kOldestServer = 140000;
constexpr std::chrono::milliseconds kHurried{1'000};   // the longest wait when about to end
constexpr std::chrono::milliseconds kLookAgain{250};  // how soon a wait learns of that

void ignore_notice(void*, const PGresult*) {}

Error not_connected(const Endpoint& endpoint, std::string_view reason) {
  const std::string place = endpoint.host.empty() ? "the default socket" : endpoint.host;
  return sql::errors::unavailable(
      fmt::format("PostgreSQL at {}:{} can't be reached: {}", place, endpoint.port,
                  printable(trim(reason), 500)),
      "check that it runs, accepts writes, and that the URL's host, port, database, user and "
      "password are right");
}

}  // namespace

void Wire::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

Wire::Wire(pg_conn* connection, ConnectionKeywords keywords, std::stop_token hurry)
    : connection_(connection), keywords_(std::move(keywords)), hurry_(std::move(hurry)) {}

bool Wire::usable() const { return !broken_ && PQstatus(connection_.get()) == CONNECTION_OK; }

bool Wire::quiet() const {
  pollfd poll_on{PQsocket(connection_.get()), POLLIN, 0};
  return usable() && ::poll(&poll_on, 1, 0) == 0;
}

Error Wire::timed_out(std::string_view what) {
  broken_ = true;
  return sql::errors::timeout(what);
}

Error Wire::lost() {
  broken_ = true;
  const std::string reason = mask_password(PQerrorMessage(connection_.get()), keywords_);
  return sql::errors::unavailable(
      "the connection to PostgreSQL broke: " + printable(trim(reason), 500),
      "try again; if it stays, see the database server's log");
}

// The events that happened, 0 at the deadline, POLLNVAL if there is nothing to wait on.
Result<short> Wire::wait(short events, Deadline deadline) const {
  pollfd poll_on{PQsocket(connection_.get()), events, 0};
  if (poll_on.fd < 0) return short{POLLNVAL};
  for (bool hurried = false;;) {
    if (!hurried && hurry_.stop_requested()) {
      hurried = true;
      deadline = deadline.no_later_than(kHurried);
    }
    const auto left = std::min(deadline.remaining(), kLookAgain);
    const int ready = ::poll(&poll_on, 1, static_cast<int>(left.count()));
    if (ready > 0) return poll_on.revents;
    if (ready == 0 && deadline.expired()) return short{0};
    if (ready < 0 && errno != EINTR) return short{POLLNVAL};
  }
}

Result<Wire> Wire::connect(const ConnectionOptions& options, Deadline deadline) {
  SLUICE_TRY(const ConnectionKeywords keywords, parse_conninfo(options));
  SLUICE_TRY(const std::vector<Endpoint> endpoints, split_endpoints(keywords));
  std::optional<Error> last;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    const auto hosts_left = static_cast<std::int64_t>(endpoints.size() - i);
    const Deadline share = deadline.no_later_than(deadline.remaining() / hosts_left);
    auto addresses = resolve(endpoints[i].host, share);
    if (!addresses) {
      last = addresses.error();
      continue;
    }
    for (std::size_t a = 0; a < addresses->size(); ++a) {
      const auto addresses_left = static_cast<std::int64_t>(addresses->size() - a);
      auto wire = connect_to(endpoints[i], (*addresses)[a], keywords, options.hurry,
                             share.no_later_than(share.remaining() / addresses_left));
      if (wire) return wire;
      last = wire.error();
    }
  }
  return last ? *last : not_connected({}, "no address");
}

Result<Wire> Wire::connect_to(const Endpoint& endpoint, const std::string& address,
                              const ConnectionKeywords& keywords, const std::stop_token& hurry,
                              Deadline deadline) {
  ConnectionKeywords one = keywords;
  one["host"] = endpoint.host;
  one["port"] = endpoint.port;
  one["hostaddr"] = address == endpoint.host &&
                            (address.empty() || address.front() == '/' || address.front() == '@')
                        ? ""
                        : address;
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : one) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  Wire wire(PQconnectStartParams(names.data(), values.data(), 0), keywords, hurry);
  PQsetNoticeReceiver(wire.get(), &ignore_notice, nullptr);
  if (auto connected = wire.poll_connect(deadline); !connected) {
    return not_connected(endpoint, connected.error().message);
  }
  if (PQserverVersion(wire.get()) < kOldestServer) {
    return not_connected(endpoint, "it is older than PostgreSQL 14");
  }
  PQsetnonblocking(wire.get(), 1);
  return wire;
}

Status Wire::poll_connect(Deadline deadline) {
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  if (PQstatus(get()) == CONNECTION_BAD) next = PGRES_POLLING_FAILED;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED) {
      return sql::errors::unavailable(mask_password(PQerrorMessage(get()), keywords_), "");
    }
    const short events = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    SLUICE_TRY(const short ready, wait(events, deadline));
    if (ready == 0) return sql::errors::timeout("connecting");
    next = PQconnectPoll(get());
  }
  return {};
}

Status Wire::flush(Deadline deadline) {
  for (;;) {
    const int left = PQflush(get());
    if (left < 0) return lost();
    if (left == 0) return {};
    SLUICE_TRY(const short ready, wait(POLLIN | POLLOUT, deadline));
    if (ready == 0) return timed_out("sending to PostgreSQL");
    // The server may itself wait for us to read before it reads on.
    if ((ready & POLLIN) != 0 && PQconsumeInput(get()) == 0) return lost();
  }
}

Result<std::optional<ResultSet>> Wire::next_result(Deadline deadline) {
  SLUICE_CHECK(flush(deadline));
  while (PQisBusy(get()) != 0) {
    SLUICE_TRY(const short ready, wait(POLLIN, deadline));
    if (ready == 0) return timed_out("waiting for PostgreSQL's answer");
    if (PQconsumeInput(get()) == 0) return lost();
  }
  PGresult* result = PQgetResult(get());
  if (result == nullptr) return std::optional<ResultSet>{};
  return std::optional<ResultSet>{ResultSet(result)};
}

Result<bool> Wire::wait_for_input(Deadline deadline) {
  SLUICE_TRY(const short ready, wait(POLLIN, deadline));
  return ready != 0;
}

}  // namespace sluice::postgres
