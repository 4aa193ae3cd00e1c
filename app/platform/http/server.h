// The HTTP/1.1 server: two I/O threads, a bounded worker pool, strict framing, every limit of
// limits.h. Each answer carries x-request-id and traceparent; each error is problem+json. A request
// to /v1/… must bring an x-request-id of 1 to 128 characters of [A-Za-z0-9._:-].
// start, drain and stop are called by one thread; port() and connections() by any.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "platform/auth/principal.h"
#include "platform/core/clock.h"
#include "platform/core/deadline.h"
#include "platform/core/id_source.h"
#include "platform/core/result.h"
#include "platform/http/limits.h"
#include "platform/http/rate_limiter.h"
#include "platform/http/router.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"

namespace sluice::http {

struct TlsFiles {
  std::string certificate;  // PEM, with its chain
  std::string key;          // PEM
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // a numeric address
  std::uint16_t port = 0;          // 0 = any free port
  std::optional<TlsFiles> tls;
  int io_threads = limits::kIoThreads;
  int worker_threads = limits::kWorkerThreads;
  std::size_t worker_queue = limits::kWorkerQueue;
  std::size_t max_connections = limits::kConnections;
  std::chrono::milliseconds header_deadline = limits::kHeaderDeadline;
  std::chrono::milliseconds body_deadline = limits::kBodyDeadline;
  std::chrono::milliseconds request_deadline = limits::kRequestDeadline;
  std::chrono::milliseconds write_deadline = limits::kWriteDeadline;
  std::chrono::milliseconds idle_timeout = limits::kIdleTimeout;
};

// A request that was turned away for who sent it: 401, the login failed; 403, the role is too low.
struct RefusedRequest {
  int status = 0;
  std::string_view code;  // "auth.expired", "auth.forbidden", …
  const Route& route;
  std::string_view remote;
  const auth::Principal* principal;  // null with 401
};

// What the server works with; everything pointed to must outlive it.
struct ServerServices {
  auth::Authenticator* authenticator = nullptr;  // may be null when every route is public
  RateLimiter* rate_limiter = nullptr;           // null = no limit; /health/… is never limited
  metrics::Registry* metrics = nullptr;
  IdSource* ids = nullptr;
  const Clock* clock = nullptr;
  // Told of refusals on the I/O thread: must not block. Empty = nobody wants to know.
  std::function<void(const RefusedRequest&)> on_refused = {};
  log::Logger logger = log::Logger::discard();
};

class Server {
 public:
  Server(ServerOptions options, Router router, ServerServices services);
  ~Server();  // stops
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and begins to answer. Fails when the routing table is not sound, the address is taken, or
  // the certificate can't be read.
  Status start();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] const Router& router() const;

  // Accepts nothing more, closes idle connections, lets the requests already taken finish. False when
  // some were still running at the deadline.
  bool drain(Deadline deadline);
  // Cuts what is left and joins all threads; waits for handlers that run on the worker pool.
  void stop();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace sluice::http
