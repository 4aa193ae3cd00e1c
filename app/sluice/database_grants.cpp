#include "sluice/database_grants.h"

#include <fmt/format.h>

#include "platform/postgres/connection.h"

namespace sluice {
namespace {

constexpr std::string_view kFindRole =
    "SELECT rolsuper OR pg_has_role(rolname, (SELECT tableowner FROM pg_tables WHERE schemaname = current_schema()"
    " AND tablename = 'audit_records'), 'USAGE') AS too_strong, CAST(current_schema() AS text) AS schema"
    " FROM pg_roles WHERE rolname = $1";

// {0}: the role, {1}: the schema.
constexpr std::string_view kGrant =
    "REVOKE ALL ON ALL TABLES IN SCHEMA {1} FROM {0};"
    "GRANT USAGE ON SCHEMA {1} TO {0};"
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {1} TO {0};"
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {1} TO {0};"
    "REVOKE UPDATE, DELETE ON {1}.audit_records FROM {0};"
    "REVOKE DELETE ON {1}.audit_chains FROM {0};"
    "REVOKE INSERT, UPDATE, DELETE ON {1}.schema_migrations FROM {0};";

Error refused(const char* code, std::string message, const char* fix) {
  return {ErrorKind::kInvalid, code, std::move(message), fix, {}};
}

Result<std::string> check_role(sql::Session& session, const std::string& role) {
  SLUICE_TRY(const sql::Rows rows, session.query(kFindRole, {role}));
  if (rows.empty()) {
    return refused("grant.no-role", fmt::format("There is no role {}.", role),
                   "Make it first: CREATE ROLE … LOGIN PASSWORD '…'.");
  }
  sql::Row row = rows.row(0);
  const bool too_strong = row.boolean("too_strong");
  std::string schema = row.text("schema");
  SLUICE_CHECK(row.status());
  if (!too_strong) return schema;
  return refused("grant.role-too-strong",
                 fmt::format("{} owns the tables or is a superuser: no grant could hold it back.", role),
                 "Migrate with one role and let Sluice work with another.");
}

}  // namespace

Status grant_application_role(sql::Database& database, const std::string& role, Deadline deadline) {
  if (database.dialect() != sql::Dialect::kPostgres) {
    return refused("grant.unsupported", "SQLite has no roles.", "Protect the file instead; the triggers are there.");
  }
  SLUICE_TRY(const auto session, database.open_schema_session(deadline));
  SLUICE_TRY(const std::string schema, check_role(*session, role));
  SLUICE_CHECK(session->begin());
  Status granted = session->run_script(
      fmt::format(kGrant, postgres::quote_identifier(role), postgres::quote_identifier(schema)));
  if (granted) return session->commit();
  session->rollback();
  return granted;
}

}  // namespace sluice
