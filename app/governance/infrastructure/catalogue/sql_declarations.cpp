#include "governance/infrastructure/catalogue/sql_declarations.h"

#include "governance/infrastructure/catalogue/declaration_json.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kFind = R"(
SELECT environment, name, topic_id, change_id, revision, declaration, applied_at_ms
  FROM governance_declarations WHERE environment = $1 AND name = $2)";

constexpr std::string_view kStore = R"(
INSERT INTO governance_declarations
  (environment, name, topic_id, change_id, revision, declaration, applied_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (environment, name) DO UPDATE SET
  topic_id = excluded.topic_id, change_id = excluded.change_id, revision = excluded.revision,
  declaration = excluded.declaration, applied_at_ms = excluded.applied_at_ms)";

constexpr std::string_view kForget = "DELETE FROM governance_declarations WHERE environment = $1 AND name = $2";

Status store(sql::Session& session, const domain::Declaration& declared) {
  const auto stored = session.execute(
      kStore, {declared.environment.str(), declared.name.str(), declared.topic_id, declared.change_id.str(),
               declared.revision, write_declaration(declared.fields, declared.metadata), declared.applied_at});
  return stored ? Status() : Status(stored.error());
}

Status forget(sql::Session& session, const domain::EnvironmentName& environment, const domain::TopicName& name) {
  const auto forgotten = session.execute(kForget, {environment.str(), name.str()});
  return forgotten ? Status() : Status(forgotten.error());
}

}  // namespace

Result<domain::Declaration> read_declaration_row(sql::Row row) {
  domain::Declaration declared;
  declared.environment = domain::EnvironmentName{row.text("environment")};
  declared.name = domain::TopicName{row.text("name")};
  declared.topic_id = row.text("topic_id");
  declared.change_id = domain::ChangeId{row.text("change_id")};
  declared.revision = row.integer("revision");
  declared.applied_at = row.time("applied_at_ms");
  const std::string stored = row.text("declaration");
  SLUICE_CHECK(row.status());
  SLUICE_CHECK(read_declaration(stored, declared.fields, declared.metadata));
  return declared;
}

Result<std::optional<domain::Declaration>> find_declaration(sql::Session& session,
                                                            const domain::EnvironmentName& environment,
                                                            const domain::TopicName& name) {
  SLUICE_TRY(const sql::Rows rows, session.query(kFind, {environment.str(), name.str()}));
  if (rows.empty()) return std::optional<domain::Declaration>();
  SLUICE_TRY(domain::Declaration declared, read_declaration_row(rows.row(0)));
  return std::optional(std::move(declared));
}

Status record_declaration(sql::Session& session, const domain::PlannedItem& item, const domain::AppliedBy& by) {
  SLUICE_TRY(const auto before, find_declaration(session, by.environment, item.name));
  const auto declared = domain::declare(before, item, by);
  return declared ? store(session, *declared) : forget(session, by.environment, item.name);
}

}  // namespace sluice::governance::infrastructure
