// For tests: a running server with a few routes, its services, and two tokens.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/http/server.h"
#include "platform/http/testing/raw_client.h"

namespace sluice::http::testing {

// Knows "viewer" and "editor" by heart when `remembers`, else answers only when asked.
class FakeAuthenticator final : public auth::Authenticator {
 public:
  explicit FakeAuthenticator(bool remembers) : remembers_(remembers) {}
  Result<std::shared_ptr<const auth::Principal>> authenticate(std::string_view token) override;
  std::shared_ptr<const auth::Principal> cached(std::string_view token) override;

 private:
  bool remembers_;
};

class ServerTest : public ::testing::Test {
 protected:
  // Starts a server with `routes` beside GET /health/live and POST /echo (both public).
  void start(std::vector<Route> routes = {}, ServerOptions options = {}, RateLimiter* limiter = nullptr);
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

  SystemClock clock_;
  SequentialIdSource ids_;
  metrics::Registry metrics_;
  FakeAuthenticator authenticator_{true};
  std::function<void(const RefusedRequest&)> on_refused_;  // set before start()
  std::unique_ptr<Server> server_;
};

Route make_route(Method method, std::string pattern, Dispatch dispatch, Handler handler);
// GET `path` HTTP/1.1 with Host and `extra` header lines (each with its CRLF).
std::string get(std::string_view path, std::string_view extra = "");
std::string post(std::string_view path, std::string_view body, std::string_view extra = "");

}  // namespace sluice::http::testing
