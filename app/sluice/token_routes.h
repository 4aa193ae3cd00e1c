// Service tokens over REST, for admins; each hands out and revokes within its own grants only.
#pragma once

#include <vector>

#include "audit/contract/audit_trail.h"
#include "platform/auth/token_service.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"

namespace sluice {

// Issuing and revoking are recorded in the transaction that does them. Both must outlive the routes.
std::vector<http::Route> token_routes(auth::TokenService& tokens, audit::contract::AuditTrail& trail,
                                      log::Logger logger);

}  // namespace sluice
