// What is decided about a request before its body is read: is there such a route, who asks, may that
// one, is it too often, is it a body we take. Each step either lets the request on or refuses it with
// a finished answer.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "platform/auth/principal.h"
#include "platform/core/id_source.h"
#include "platform/http/rate_limiter.h"
#include "platform/http/router.h"
#include "platform/http/server.h"
#include "platform/http/serving/exchange.h"
#include "platform/http/wire/head.h"

namespace sluice::http::serving {

class Gate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Both must outlive it.
  Gate(const Router& router, const ServerServices& services)
      : router_(router),
        authenticator_(services.authenticator),
        limiter_(services.rate_limiter),
        ids_(*services.ids),
        on_refused_(services.on_refused) {}

  // The caller's x-request-id if it is well-formed, else a new one.
  [[nodiscard]] std::string request_id(std::string_view given) const;

  // Sets the route and its path values; answers 404, 405 and OPTIONS. `method` is empty for a method
  // that nobody here knows.
  std::optional<Response> find_route(std::optional<Method> method, std::string_view raw_path,
                                     Exchange& exchange) const;

  // Sets the principal when the route is public (none) or the token is known by heart. With neither an
  // answer nor a principal on a route that needs one, `ask` is the token to ask the authenticator for.
  std::optional<Response> identify(Exchange& exchange, Time now, std::string& ask) const;
  // Takes the authenticator's verdict.
  std::optional<Response> accept(Identity identity, Exchange& exchange, Time now) const;

  // The rest: role, rate, x-request-id, body.
  std::optional<Response> admit(const Exchange& exchange, bool has_body, Time now) const;

 private:
  std::optional<Response> limit(const Exchange& exchange, Time now) const;
  Response refuse_limited(const RateLimiter::Decision& decision, const Exchange& exchange) const;
  std::optional<Response> check_role(const Exchange& exchange) const;
  void tell(int status, std::string_view code, const Exchange& exchange) const;
  std::optional<Response> refuse_token(const Error& error, const Exchange& exchange, Time now) const;

  const Router& router_;
  auth::Authenticator* authenticator_;
  RateLimiter* limiter_;
  IdSource& ids_;
  const std::function<void(const RefusedRequest&)>& on_refused_;
};

}  // namespace sluice::http::serving
