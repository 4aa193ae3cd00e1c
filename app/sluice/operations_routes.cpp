#include "sluice/operations_routes.h"

namespace sluice {
namespace {

http::Route inline_route(std::string pattern, std::string operation_id, http::Access access,
                         http::Handler handler) {
  http::Route route;
  route.pattern = std::move(pattern);
  route.operation_id = std::move(operation_id);
  route.access = access;
  route.dispatch = http::Dispatch::kInline;
  route.handler = std::move(handler);
  return route;
}

}  // namespace

http::Route live_route() {
  return inline_route("/health/live", "getLiveness", http::Access::open(),
                      [](const http::Request&, http::Responder responder) {
                        responder.send(http::Response::json(200, {{"status", "live"}}));
                      });
}

http::Route ready_route(const tasks::Health& health) {
  return inline_route("/health/ready", "getReadiness", http::Access::open(),
                      [&health](const http::Request&, http::Responder responder) {
                        const auto report = health.snapshot();
                        responder.send(http::Response::json(report.ready ? 200 : 503, report.to_json()));
                      });
}

http::Route metrics_route(const metrics::Registry& registry, http::Access access) {
  return inline_route("/metrics", "getMetrics", access,
                      [&registry](const http::Request&, http::Responder responder) {
                        auto response = http::Response::text(200, registry.render());
                        response.content_type = "text/plain; version=0.0.4; charset=utf-8";
                        responder.send(std::move(response));
                      });
}

}  // namespace sluice
