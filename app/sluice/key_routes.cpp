#include "sluice/key_routes.h"

namespace sluice {

http::Route key_route(const auth::SigningKeys& keys) {
  http::Route route;
  route.pattern = "/v1/keys";
  route.operation_id = "getKeys";
  route.access = http::Access::at_least(auth::Role::kViewer);
  route.handler = [&keys](const http::Request& request, http::Responder responder) {
    const auto published = keys.public_keys();
    responder.send(published ? http::Response::json(200, *published)
                             : http::Response::problem(published.error(), request.request_id));
  };
  return route;
}

}  // namespace sluice
