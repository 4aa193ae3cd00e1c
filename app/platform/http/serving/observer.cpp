#include "platform/http/serving/observer.h"

#include <fmt/format.h>

#include "platform/http/wire/head.h"

namespace sluice::http::serving {
namespace {

const std::vector<double> kSeconds{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                   0.25,   0.5,   1,      2.5,   5,    10,    30};

bool is_health(std::string_view path) { return path.starts_with("/health/") || path == "/metrics"; }

}  // namespace

Observer::Observer(metrics::Registry& registry, const Router& router, log::Logger logger)
    : requests_(registry.counter("http_requests_total", "Requests answered.", {"method", "route", "status"})),
      durations_(registry.histogram("http_request_duration_seconds",
                                    "From the head of a request to its answer, or the end of its stream.", kSeconds,
                                    {"route"})),
      connections_(registry.gauge("http_connections", "Open connections.").with({})),
      in_flight_(registry.gauge("http_in_flight", "Requests being worked on.").with({})),
      logger_(std::move(logger)) {
  for (const auto& route : router.routes()) {
    auto per_route = std::make_unique<PerRoute>();
    per_route->duration = &durations_.with({route->pattern});
    routes_.emplace(route.get(), std::move(per_route));
  }
}

void Observer::count(const Served& request) {
  const std::string status = fmt::format_int(request.status).str();
  const auto found = routes_.find(request.route);
  if (found == routes_.end()) {
    // The method is the client's own word: only those we know may become labels.
    const bool ours = request.method == "none" || wire::parse_method(request.method);
    const std::string_view method = ours ? request.method : "other";
    requests_.with({method, "none", status}).inc();
    return;
  }
  PerRoute& per_route = *found->second;
  per_route.duration->observe(std::chrono::duration<double>(request.took).count());
  const bool known = request.method == to_string(request.route->method) && request.status >= 100 &&
                     request.status < 100 + kStatuses;
  if (!known) {
    requests_.with({request.method, request.route->pattern, status}).inc();
    return;
  }
  auto& slot = per_route.requests[static_cast<std::size_t>(request.status - 100)];
  metrics::Counter* counter = slot.load(std::memory_order_acquire);
  if (counter == nullptr) {
    counter = &requests_.with({request.method, request.route->pattern, status});
    slot.store(counter, std::memory_order_release);
  }
  counter->inc();
}

void Observer::served(const Served& request) {
  count(request);
  if (!request.internal_error.empty()) {
    logger_.error("a request met an internal error", {{"route", request.route ? request.route->pattern : "none"},
                                                      {"error", request.internal_error},
                                                      {"request_id", request.request_id},
                                                      {"trace_id", request.trace_id}});
  }
  const auto level = is_health(request.path) ? log::Level::kDebug : log::Level::kInfo;
  if (!logger_.enabled(level)) return;
  const std::initializer_list<log::Field> fields{
      {"method", request.method},
      {"path", request.path},
      {"status", request.status},
      {"duration_ms", std::chrono::duration<double, std::milli>(request.took).count()},
      {"request_id", request.request_id},
      {"trace_id", request.trace_id},
      {"principal", request.principal},
      {"remote", request.remote}};
  if (level == log::Level::kDebug) logger_.debug("request", fields);
  else logger_.info("request", fields);
}

}  // namespace sluice::http::serving
