// What the audit trail is told of tokens: ids, people and grants, never a secret.
#pragma once

#include "audit/contract/entry.h"
#include "platform/auth/service_token.h"

namespace sluice {

audit::contract::Entry token_issued(const auth::ServiceToken& token, const Actor& actor, const std::string& request_id);
audit::contract::Entry token_revoked(const auth::ServiceToken& token, const Actor& actor,
                                     const std::string& request_id);

}  // namespace sluice
