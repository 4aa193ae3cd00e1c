// Service tokens over REST, for admins; each hands out and revokes within its own grants only.
#pragma once

#include <vector>

#include "platform/auth/token_service.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"

namespace sluice {

// `tokens` must outlive the routes.
std::vector<http::Route> token_routes(auth::TokenService& tokens, log::Logger logger);

}  // namespace sluice
