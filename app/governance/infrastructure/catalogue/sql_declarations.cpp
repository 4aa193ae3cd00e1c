#include "governance/infrastructure/catalogue/sql_declarations.h"

#include <vector>

#include <fmt/format.h>

#include "governance/infrastructure/catalogue/declaration_json.h"
#include "platform/sql/statement_text.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr std::string_view kFind = R"(
SELECT environment, name, topic_id, change_id, revision, declaration, applied_at_ms
  FROM governance_declarations WHERE environment = $1 AND name IN (VALUES {}))";

constexpr std::string_view kStore = R"(
INSERT INTO governance_declarations
  (environment, name, topic_id, change_id, revision, declaration, applied_at_ms)
VALUES {}
ON CONFLICT (environment, name) DO UPDATE SET
  topic_id = excluded.topic_id, change_id = excluded.change_id, revision = excluded.revision,
  declaration = excluded.declaration, applied_at_ms = excluded.applied_at_ms)";

constexpr std::string_view kForget = "DELETE FROM governance_declarations WHERE environment = $1 AND name IN (VALUES {})";

using Declarations = std::map<domain::TopicName, domain::Declaration>;

std::string with_names(std::string_view statement, std::size_t names) {
  return fmt::format(fmt::runtime(statement), sql::placeholder_rows(2, names, 1));
}

// In one order by bytes, so that two applies can't wait for each other.
Status store(sql::Session& session, const Declarations& declarations) {
  if (declarations.empty()) return {};
  sql::Params params;
  for (const auto& [name, declared] : declarations) {
    params.add(declared.environment.str()).add(name.str()).add(declared.topic_id).add(declared.change_id.str());
    params.add(declared.revision).add(write_declaration(declared.fields, declared.metadata)).add(declared.applied_at);
  }
  SLUICE_CHECK(session.execute(fmt::format(kStore, sql::placeholder_rows(1, declarations.size(), 7)), params));
  return {};
}

Status forget(sql::Session& session, const domain::EnvironmentName& environment,
              const std::vector<domain::TopicName>& names) {
  if (names.empty()) return {};
  sql::Params params{environment.str()};
  for (const domain::TopicName& name : names) params.add(name.str());
  SLUICE_CHECK(session.execute(with_names(kForget, names.size()), params));
  return {};
}

}  // namespace

Result<Declarations> find_declarations(sql::Session& session, const domain::EnvironmentName& environment,
                                       std::span<const domain::TopicName> names) {
  sql::Params params{environment.str()};
  for (const domain::TopicName& name : names) params.add(name.str());
  SLUICE_TRY(const sql::Rows rows, session.query(with_names(kFind, names.size()), params));
  Declarations found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(domain::Declaration declared, read_declaration_row(rows.row(i)));
    const domain::TopicName name = declared.name;
    found.emplace(name, std::move(declared));
  }
  return found;
}

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
  SLUICE_TRY(Declarations found, find_declarations(session, environment, {&name, 1}));
  if (found.empty()) return std::optional<domain::Declaration>();
  return std::optional(std::move(found.begin()->second));
}

Status record_declaration(sql::Session& session, const domain::PlannedItem& item, const domain::AppliedBy& by) {
  const AppliedItem one{&item, by};
  return record_declarations(session, {&one, 1});
}

Status record_declarations(sql::Session& session, std::span<const AppliedItem> items) {
  if (items.empty()) return {};
  const domain::EnvironmentName& environment = items.front().by.environment;
  std::vector<domain::TopicName> names;
  for (const AppliedItem& applied : items) names.push_back(applied.item->name);
  SLUICE_TRY(Declarations before, find_declarations(session, environment, names));
  Declarations declared;
  std::vector<domain::TopicName> forgotten;
  for (const AppliedItem& applied : items) {
    const auto known = before.find(applied.item->name);
    auto now = domain::declare(known == before.end() ? std::nullopt : std::optional(known->second), *applied.item,
                               applied.by);
    if (now) {
      declared.insert_or_assign(applied.item->name, std::move(*now));
    } else {
      forgotten.push_back(applied.item->name);
    }
  }
  SLUICE_CHECK(store(session, declared));
  return forget(session, environment, forgotten);
}

}  // namespace sluice::governance::infrastructure
