#include "platform/auth/sql_token_repository.h"

#include "platform/auth/grants.h"
#include "platform/text/json.h"

namespace sluice::auth {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO auth_service_tokens (id, principal, owner, secret_sha256, grants, created_at_ms,"
    " expires_at_ms, revoked_at_ms, last_used_at_ms, issuer)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

constexpr std::string_view kFind =
    "SELECT id, principal, owner, secret_sha256, grants, created_at_ms, expires_at_ms, "
    "revoked_at_ms,"
    " last_used_at_ms, issuer FROM auth_service_tokens WHERE id = $1";

constexpr std::string_view kList =
    "SELECT id, principal, owner, secret_sha256, grants, created_at_ms, expires_at_ms, "
    "revoked_at_ms,"
    " last_used_at_ms, issuer FROM auth_service_tokens WHERE id COLLATE \"C\" > $1 ORDER BY id COLLATE "
    "\"C\" LIMIT $2";

constexpr std::string_view kRevoke =
    "UPDATE auth_service_tokens SET revoked_at_ms = COALESCE(revoked_at_ms, $2) WHERE id = $1";

constexpr std::string_view kTouch =
    "UPDATE auth_service_tokens SET last_used_at_ms = $2"
    " WHERE id = $1 AND (last_used_at_ms IS NULL OR last_used_at_ms < $2)";

Result<ServiceToken> read_token(sql::Row row) {
  ServiceToken token;
  token.id = row.text("id");
  token.secret_hash = row.text("secret_sha256");
  token.principal = row.text("principal");
  token.owner = row.text("owner");
  const std::string grants = row.text("grants");
  token.created_at = row.time("created_at_ms");
  token.expires_at = row.time("expires_at_ms");
  token.revoked_at = row.optional_time("revoked_at_ms");
  token.last_used_at = row.optional_time("last_used_at_ms");
  token.issuer = row.text("issuer");
  SLUICE_CHECK(row.status());
  SLUICE_TRY(const text::Node list, text::parse_json(grants));
  SLUICE_TRY(token.grants, read_grants(list));
  // A token from before issuers were kept.
  if (token.issuer.empty()) token.issuer = token.owner;
  return token;
}

}  // namespace

Status SqlTokenRepository::add(const ServiceToken& token, Deadline deadline, const WithChange& also) {
  return database_.transaction(
      [&](sql::Session& session) -> Status {
        SLUICE_CHECK(session.execute(
            kInsert, {token.id, token.principal, token.owner, token.secret_hash, write_grants(token.grants),
                      token.created_at, token.expires_at, token.revoked_at, token.last_used_at, token.issuer}));
        return also ? also(session) : Status();
      },
      {.deadline = deadline});
}

Result<std::optional<ServiceToken>> SqlTokenRepository::find(std::string_view id,
                                                             Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kFind, {id}, {.deadline = deadline}));
  if (rows.empty()) return std::optional<ServiceToken>();
  SLUICE_TRY(ServiceToken token, read_token(rows.row(0)));
  return std::optional(std::move(token));
}

Result<std::vector<ServiceToken>> SqlTokenRepository::list(std::string_view after_id, int limit,
                                                           Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kList, {after_id, limit}, {.deadline = deadline}));
  std::vector<ServiceToken> page;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(ServiceToken token, read_token(rows.row(i)));
    page.push_back(std::move(token));
  }
  return page;
}

Result<bool> SqlTokenRepository::revoke(std::string_view id, TimePoint at, Deadline deadline,
                                        const WithChange& also) {
  return database_.transaction(
      [&](sql::Session& session) -> Result<bool> {
        SLUICE_TRY(const std::int64_t changed, session.execute(kRevoke, {id, at}));
        if (changed > 0 && also) SLUICE_CHECK(also(session));
        return changed > 0;
      },
      {.deadline = deadline});
}

Status SqlTokenRepository::touch(std::string_view id, TimePoint at, Deadline deadline) {
  const auto changed = database_.execute(kTouch, {id, at}, {.deadline = deadline});
  return changed ? Status() : changed.error();
}

}  // namespace sluice::auth
