#include "platform/http/serving/gate.h"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/http/limits.h"
#include "platform/http/problem.h"

namespace sluice::http::serving {
namespace {

bool is_request_id(std::string_view text) {
  constexpr std::string_view kPunctuation = "._:-";
  return !text.empty() && text.size() <= limits::kRequestIdBytes &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  kPunctuation.find(c) != std::string_view::npos;
         });
}

Response refuse(int status, ErrorKind kind, std::string code, std::string message, std::string fix,
                const Exchange& exchange) {
  return problem_with_status(status, {kind, std::move(code), std::move(message), std::move(fix), {}},
                             exchange.request.request_id);
}

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!wire::equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
  return trim(authorization.substr(kScheme.size()));
}

std::optional<Response> check_request_id(const Request& request, const Exchange& exchange) {
  if (!request.path.starts_with("/v1/")) return std::nullopt;
  const auto given = request.headers.get("x-request-id");
  if (is_request_id(given)) return std::nullopt;
  const bool missing = given.empty();
  return refuse(400, ErrorKind::kInvalid, missing ? "request-id.missing" : "request-id.malformed",
                missing ? "The header x-request-id is missing."
                        : "The header x-request-id is not 1 to 128 characters of [A-Za-z0-9._:-].",
                "Send a new x-request-id with every request, such as a UUID.", exchange);
}

std::optional<Response> check_content_type(const Exchange& exchange) {
  const auto& accepted = exchange.route->content_types;
  if (accepted.empty())
    return refuse(415, ErrorKind::kUnsupported, "http.no-body", "This route takes no body.",
                  "Send the request without one.", exchange);
  const auto given = exchange.request.headers.get("content-type");
  const auto type = trim(given.substr(0, given.find(';')));
  const bool known = std::any_of(accepted.begin(), accepted.end(), [&](const std::string& one) {
    return wire::equals_ignoring_case(one, type);
  });
  if (known) return std::nullopt;
  return refuse(415, ErrorKind::kUnsupported, "http.content-type",
                type.empty() ? "The header content-type is missing."
                             : fmt::format("The content type {} is not accepted here.", printable(type)),
                fmt::format("Send one of: {}.", join(accepted, ", ")), exchange);
}

}  // namespace

std::string Gate::request_id(std::string_view given) const {
  return is_request_id(given) ? std::string(given) : ids_.next_uuid();
}

std::optional<Response> Gate::find_route(std::optional<Method> method, std::string_view raw_path,
                                         Exchange& exchange) const {
  auto match = router_.find(method.value_or(Method::kOptions), raw_path);
  if (match.outcome == Router::Outcome::kFound && method) {
    exchange.route = match.route;
    exchange.request.path_values = std::move(match.path_values);
    return std::nullopt;
  }
  if (match.outcome == Router::Outcome::kNoPath && raw_path != "*")
    return refuse(404, ErrorKind::kNotFound, "http.no-route", "There is nothing at this path.",
                  "See api/openapi.yaml for the paths there are.", exchange);
  const std::string_view allow = raw_path == "*" ? "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" : match.allow;
  auto response = method == Method::kOptions
                      ? Response::text(204, "")
                      : refuse(405, ErrorKind::kUnsupported, "http.method",
                               "This path does not answer that method.",
                               fmt::format("Use one of: {}.", allow), exchange);
  response.headers.set("Allow", allow);
  return response;
}

std::optional<Response> Gate::identify(Exchange& exchange, Time now, std::string& ask) const {
  if (!exchange.route->access || !exchange.route->access->role) return std::nullopt;
  const auto authorization = exchange.request.headers.get("authorization");
  const auto token = bearer_token(authorization);
  if (authorization.empty())
    return refuse_token({ErrorKind::kUnauthenticated, "auth.missing", "This request needs a token.",
                         "Send it as \"Authorization: Bearer <token>\".", {}},
                        exchange, now);
  if (token.empty())
    return refuse_token({ErrorKind::kUnauthenticated, "auth.malformed",
                         "The Authorization header is not \"Bearer <token>\".", "", {}},
                        exchange, now);
  exchange.request.principal = authenticator_->cached(token);
  if (exchange.request.principal) return std::nullopt;
  // An address whose bad tokens have used up its requests does not get to the token store.
  if (limiter_ != nullptr) {
    const auto left = limiter_->look(exchange.request.remote, now);
    if (!left.allowed) return refuse_limited(left, exchange);
  }
  ask = token;
  return std::nullopt;
}

std::optional<Response> Gate::accept(Identity identity, Exchange& exchange, Time now) const {
  if (!identity) return refuse_token(identity.error(), exchange, now);
  exchange.request.principal = std::move(identity).value();
  return std::nullopt;
}

void Gate::tell(int status, std::string_view code, const Exchange& exchange) const {
  if (!on_refused_) return;
  on_refused_({status, code, *exchange.route, exchange.request.remote, exchange.request.principal.get()});
}

// Bad tokens count against the address they come from.
std::optional<Response> Gate::refuse_token(const Error& error, const Exchange& exchange, Time now) const {
  if (error.kind == ErrorKind::kUnauthenticated) tell(401, error.code, exchange);
  if (auto refusal = limit(exchange, now)) return refusal;
  auto response = Response::problem(error, exchange.request.request_id);
  if (response.status == 401 && error.code != "auth.missing")
    response.headers.set("WWW-Authenticate", "Bearer realm=\"sluice\", error=\"invalid_token\"");
  if (response.status == 503) response.headers.set("Retry-After", "1");
  return response;
}

std::optional<Response> Gate::admit(const Exchange& exchange, bool has_body, Time now) const {
  const Request& request = exchange.request;
  if (auto refusal = limit(exchange, now)) return refusal;
  if (auto refusal = check_role(exchange)) return refusal;
  if (auto refusal = check_request_id(request, exchange)) return refusal;
  return has_body ? check_content_type(exchange) : std::nullopt;
}

std::optional<Response> Gate::check_role(const Exchange& exchange) const {
  const auto role = exchange.route->access ? exchange.route->access->role : std::nullopt;
  if (!role || exchange.request.principal->has(*role)) return std::nullopt;
  tell(403, "auth.forbidden", exchange);
  return refuse(403, ErrorKind::kForbidden, "auth.forbidden",
                fmt::format("This needs the role {}.", auth::to_string(*role)),
                "Ask an admin for a grant.", exchange);
}

std::optional<Response> Gate::limit(const Exchange& exchange, Time now) const {
  if (limiter_ == nullptr || exchange.request.path.starts_with("/health/")) return std::nullopt;
  const auto& principal = exchange.request.principal;
  const auto decision = limiter_->take(principal ? principal->id : exchange.request.remote, now);
  if (decision.allowed) return std::nullopt;
  return refuse_limited(decision, exchange);
}

Response Gate::refuse_limited(const RateLimiter::Decision& decision, const Exchange& exchange) const {
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(decision.retry_after).count());
  auto response = refuse(429, ErrorKind::kRateLimited, "rate-limit.exceeded",
                         fmt::format("More than {} requests in {} s.", limiter_->options().max,
                                     std::chrono::ceil<std::chrono::seconds>(limiter_->options().window).count()),
                         fmt::format("Try again in {} s.", seconds), exchange);
  response.headers.set("Retry-After", std::to_string(seconds));
  return response;
}

}  // namespace sluice::http::serving
