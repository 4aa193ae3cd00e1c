// Sluice's own HTTP stack with two routes, for measuring it without a database behind: GET
// /health/live as `sluice serve` has it, and POST /v1/echo, which wants a token (remembered, as a
// running server does) and parses JSON by the strict reader. Prints its port.
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "platform/auth/caching_authenticator.h"
#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/http/server.h"
#include "platform/text/json.h"

namespace {

using namespace sluice;

class OneToken final : public auth::TokenVerifier {
 public:
  Result<auth::Verified> verify(std::string_view /*token*/, Deadline /*deadline*/) override {
    auto principal = std::make_shared<auth::Principal>();
    principal->id = principal->owner = "token:bench";
    principal->grants.push_back({auth::Role::kEditor, "*", "*"});
    return auth::Verified{std::move(principal), SystemClock().now() + std::chrono::hours{24}};
  }
};

http::Route live() {
  http::Route route{http::Method::kGet, "/health/live", "getLive", http::Access::open(), http::Dispatch::kInline, 0, {}, {}};
  route.handler = [](const http::Request&, http::Responder responder) {
    responder.send(http::Response::json(200, {{"status", "ok"}}));
  };
  return route;
}

http::Route echo(std::string pattern, http::Dispatch dispatch) {
  http::Route route;
  route.method = http::Method::kPost;
  route.operation_id = pattern;
  route.pattern = std::move(pattern);
  route.access = http::Access::at_least(auth::Role::kEditor);
  route.dispatch = dispatch;
  route.content_types = {"application/json"};
  route.handler = [](const http::Request& request, http::Responder responder) {
    const auto node = text::parse_json(request.body);
    if (!node) return responder.send(http::Response::problem(node.error(), request.request_id));
    responder.send(http::Response::json(200, text::to_json(*node)));
  };
  return route;
}

}  // namespace

int main() {
  // Blocked before there are threads, so that none of them takes it.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  SystemClock clock;
  UuidV7Source ids(clock);
  metrics::Registry metrics;
  OneToken tokens;
  auth::CachingAuthenticator authenticator({&tokens, &tokens}, clock);
  http::Router router;
  router.add(live());
  router.add(echo("/v1/echo", http::Dispatch::kInline));
  router.add(echo("/v1/echo-worker", http::Dispatch::kWorker));
  http::ServerServices services;
  services.authenticator = &authenticator;
  services.metrics = &metrics;
  services.ids = &ids;
  services.clock = &clock;
  http::Server server({}, std::move(router), services);
  if (const auto status = server.start(); !status) {
    fmt::print(stderr, "{}\n", status.error().describe());
    return 1;
  }
  fmt::print("{}\n", server.port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  server.stop();
}
