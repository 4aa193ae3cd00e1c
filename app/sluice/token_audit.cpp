#include "sluice/token_audit.h"

#include "sluice/token_json.h"

namespace sluice {
namespace {

audit::contract::Entry entry_of(std::string action, const auth::ServiceToken& token, const Actor& actor,
                                const std::string& request_id) {
  audit::contract::Entry entry;
  entry.action = std::move(action);
  entry.target = "token";
  entry.name = token.id;
  entry.actor = actor;
  entry.request_id = request_id;
  return entry;
}

}  // namespace

audit::contract::Entry token_issued(const auth::ServiceToken& token, const Actor& actor, const std::string& request_id) {
  auto entry = entry_of("token.issue", token, actor, request_id);
  entry.after = to_json(token);
  return entry;
}

audit::contract::Entry token_revoked(const auth::ServiceToken& token, const Actor& actor,
                                     const std::string& request_id) {
  auto entry = entry_of("token.revoke", token, actor, request_id);
  entry.before = to_json(token);
  return entry;
}

}  // namespace sluice
