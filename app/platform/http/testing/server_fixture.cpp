#include "platform/http/testing/server_fixture.h"

#include <fmt/format.h>

namespace sluice::http::testing {
namespace {

std::shared_ptr<const auth::Principal> principal_of(std::string_view token) {
  if (token != "viewer" && token != "editor") return nullptr;
  auto principal = std::make_shared<auth::Principal>();
  principal->id = token;
  principal->owner = token;
  principal->grants.push_back({token == "editor" ? auth::Role::kEditor : auth::Role::kViewer, "*", "*"});
  return principal;
}

}  // namespace

Result<std::shared_ptr<const auth::Principal>> FakeAuthenticator::authenticate(std::string_view token) {
  if (auto principal = principal_of(token)) return principal;
  return Error{ErrorKind::kUnauthenticated, "auth.unknown", "This token is not known.", "", {}};
}

std::shared_ptr<const auth::Principal> FakeAuthenticator::cached(std::string_view token) {
  return remembers_ ? principal_of(token) : nullptr;
}

Route make_route(Method method, std::string pattern, Dispatch dispatch, Handler handler) {
  Route route;
  route.method = method;
  route.operation_id = pattern;
  route.pattern = std::move(pattern);
  route.access = Access::open();
  route.dispatch = dispatch;
  route.handler = std::move(handler);
  if (method == Method::kPost) route.content_types = {"application/json"};
  return route;
}

void ServerTest::start(std::vector<Route> routes, ServerOptions options, RateLimiter* limiter) {
  Router router;
  router.add(std::move(routes));
  router.add(make_route(Method::kGet, "/health/live", Dispatch::kInline,
                        [](const Request&, Responder responder) { responder.send(Response::text(200, "alive")); }));
  auto echo = make_route(Method::kPost, "/echo", Dispatch::kInline, [](Request request, Responder responder) {
    responder.send(Response::text(200, std::move(request.body)));
  });
  echo.content_types = {"application/json", "text/plain"};
  router.add(std::move(echo));
  ServerServices services;
  services.authenticator = &authenticator_;
  services.rate_limiter = limiter;
  services.metrics = &metrics_;
  services.ids = &ids_;
  services.clock = &clock_;
  services.on_refused = on_refused_;
  server_ = std::make_unique<Server>(std::move(options), std::move(router), services);
  const auto status = server_->start();
  ASSERT_TRUE(status) << status.error().describe();
}

std::string get(std::string_view path, std::string_view extra) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n{}\r\n", path, extra);
}

std::string post(std::string_view path, std::string_view body, std::string_view extra) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}",
                     path, extra, body.size(), body);
}

}  // namespace sluice::http::testing
