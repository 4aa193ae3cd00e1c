#include "governance/infrastructure/catalogue/sql_catalogue_repository.h"

#include "governance/infrastructure/catalogue/catalogue_clock.h"
#include "governance/infrastructure/catalogue/declaration_json.h"
#include "governance/infrastructure/catalogue/sql_declarations.h"
#include "platform/core/canonical_json.h"
#include "platform/text/json.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::CataloguedTopic;

constexpr std::string_view kVersion = "SELECT version FROM governance_catalogue_clock WHERE only_row = 1";
constexpr std::string_view kSyncs = R"(
SELECT environment, synced_at_ms, groups_read_at_ms, groups_unread, forgotten_before_ms
  FROM governance_catalogue_syncs)";

constexpr std::string_view kChangedSince = R"(
SELECT environment, name, topic_id, partitions, replication_factor, internal, state, changes,
       first_seen_ms, last_change_ms, gone_at_ms
  FROM governance_catalogue
 WHERE version > $1 AND (environment, name) > ($2, $3)
 ORDER BY environment COLLATE "C", name COLLATE "C" LIMIT $4)";

constexpr std::string_view kOfEnvironment = R"(
SELECT environment, name, topic_id, partitions, replication_factor, internal, state, changes,
       first_seen_ms, last_change_ms, gone_at_ms
  FROM governance_catalogue
 WHERE environment = $1 AND name > $2
 ORDER BY name COLLATE "C" LIMIT $3)";

constexpr std::string_view kStore = R"(
INSERT INTO governance_catalogue
  (environment, name, version, topic_id, partitions, replication_factor, internal, state, changes,
   first_seen_ms, last_change_ms, gone_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (environment, name) DO UPDATE SET
  version = excluded.version, topic_id = excluded.topic_id, partitions = excluded.partitions,
  replication_factor = excluded.replication_factor, internal = excluded.internal, state = excluded.state,
  changes = excluded.changes, first_seen_ms = excluded.first_seen_ms,
  last_change_ms = excluded.last_change_ms, gone_at_ms = excluded.gone_at_ms)";

constexpr std::string_view kStoreSynced = R"(
INSERT INTO governance_catalogue_syncs (environment, synced_at_ms) VALUES ($1, $2)
ON CONFLICT (environment) DO UPDATE SET synced_at_ms = excluded.synced_at_ms)";

constexpr std::string_view kDeclarations = R"(
SELECT environment, name, topic_id, change_id, revision, declaration, applied_at_ms
  FROM governance_declarations WHERE environment = $1 AND name > $2
 ORDER BY name COLLATE "C" LIMIT $3)";

constexpr int kPage = 5'000;

Json changes_to_json(const std::vector<domain::FieldChange>& changes) {
  Json json = Json::array();
  for (const auto& change : changes) json.push_back({change.field, change.before, change.after});
  return json;
}

Status read_changes(std::string_view stored, std::vector<domain::FieldChange>& changes) {
  SLUICE_TRY(const text::Node document, text::parse_json(stored));
  for (const text::Node& change : document.items) {
    if (change.items.size() != 3) continue;
    changes.push_back({change.items[0].spelling, change.items[1].spelling, change.items[2].spelling});
  }
  return {};
}

std::string state_of(const CataloguedTopic& topic) {
  return write_declaration({std::nullopt, std::nullopt, topic.configs, {}}, topic.metadata);
}

Result<CataloguedTopic> read_topic(sql::Row row) {
  CataloguedTopic topic;
  topic.environment = domain::EnvironmentName{row.text("environment")};
  topic.name = domain::TopicName{row.text("name")};
  topic.topic_id = row.text("topic_id");
  topic.partitions = static_cast<std::int32_t>(row.integer("partitions"));
  topic.replication_factor = static_cast<std::int32_t>(row.integer("replication_factor"));
  topic.internal = row.boolean("internal");
  topic.first_seen = row.time("first_seen_ms");
  topic.last_change = row.time("last_change_ms");
  topic.gone_at = row.optional_time("gone_at_ms");
  const std::string state = row.text("state");
  const std::string changes = row.text("changes");
  SLUICE_CHECK(row.status());
  domain::IntendedState fields;
  SLUICE_CHECK(read_declaration(state, fields, topic.metadata));
  topic.configs = std::move(fields.set);
  SLUICE_CHECK(read_changes(changes, topic.changes));
  return topic;
}

Status read_sync(sql::Row row, domain::CatalogueState& state) {
  const domain::EnvironmentName environment{row.text("environment")};
  state.synced_at.emplace(environment, row.time("synced_at_ms"));
  if (const auto at = row.optional_time("groups_read_at_ms")) {
    state.groups_read.emplace(environment, domain::ConsumptionRead{*at, row.integer("groups_unread")});
  }
  if (const auto before = row.optional_time("forgotten_before_ms")) {
    state.forgotten_before.emplace(environment, *before);
  }
  return row.status();
}

Result<std::vector<CataloguedTopic>> read_topics(const sql::Rows& rows) {
  std::vector<CataloguedTopic> topics;
  topics.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(CataloguedTopic topic, read_topic(rows.row(i)));
    topics.push_back(std::move(topic));
  }
  return topics;
}

Status store_all(sql::Session& session, std::span<const CataloguedTopic> topics) {
  SLUICE_TRY(const std::int64_t version, next_catalogue_version(session));
  for (const CataloguedTopic& topic : topics) {
    SLUICE_TRY(const std::int64_t stored,
               session.execute(kStore, {topic.environment.str(), topic.name.str(), version, topic.topic_id,
                                        topic.partitions, topic.replication_factor, topic.internal,
                                        state_of(topic), canonical_json(changes_to_json(topic.changes)),
                                        topic.first_seen, topic.last_change, topic.gone_at}));
    (void)stored;
  }
  return {};
}

}  // namespace

Result<domain::CatalogueState> SqlCatalogueRepository::state(Deadline deadline) {
  return database_.transaction(
      [](sql::Session& session) -> Result<domain::CatalogueState> {
        domain::CatalogueState state;
        SLUICE_TRY(const sql::Rows versions, session.query(kVersion));
        sql::Row version = versions.row(0);
        state.version = version.integer("version");
        SLUICE_CHECK(version.status());
        SLUICE_TRY(const sql::Rows syncs, session.query(kSyncs));
        for (std::size_t i = 0; i < syncs.size(); ++i) {
          SLUICE_CHECK(read_sync(syncs.row(i), state));
        }
        return state;
      },
      {.deadline = deadline});
}

Result<std::vector<CataloguedTopic>> SqlCatalogueRepository::changed_since(
    std::int64_t version, const domain::EnvironmentName& after_environment, const domain::TopicName& after,
    int limit, Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kChangedSince, {version, after_environment.str(), after.str(), limit},
                                                   {.deadline = deadline}));
  return read_topics(rows);
}

Result<std::map<domain::TopicName, CataloguedTopic>> SqlCatalogueRepository::of(
    const domain::EnvironmentName& environment, Deadline deadline) {
  std::map<domain::TopicName, CataloguedTopic> all;
  for (;;) {
    const std::string last = all.empty() ? std::string() : all.rbegin()->first.str();
    SLUICE_TRY(const sql::Rows rows,
               database_.query(kOfEnvironment, {environment.str(), last, kPage}, {.deadline = deadline}));
    SLUICE_TRY(auto topics, read_topics(rows));
    for (CataloguedTopic& topic : topics) {
      const domain::TopicName name = topic.name;
      all.emplace_hint(all.end(), name, std::move(topic));
    }
    if (rows.size() < static_cast<std::size_t>(kPage)) return all;
  }
}

Status SqlCatalogueRepository::store(std::span<const CataloguedTopic> topics, Deadline deadline) {
  if (topics.empty()) return {};
  return database_.transaction([&](sql::Session& session) { return store_all(session, topics); },
                               {.deadline = deadline});
}

Status SqlCatalogueRepository::store_synced(const domain::EnvironmentName& environment, TimePoint at,
                                            Deadline deadline) {
  const auto stored = database_.execute(kStoreSynced, {environment.str(), at}, {.deadline = deadline});
  return stored ? Status() : Status(stored.error());
}

Result<std::map<domain::TopicName, domain::Declaration>> SqlCatalogueRepository::declarations(
    const domain::EnvironmentName& environment, Deadline deadline) {
  std::map<domain::TopicName, domain::Declaration> all;
  for (;;) {
    const std::string last = all.empty() ? std::string() : all.rbegin()->first.str();
    SLUICE_TRY(const sql::Rows rows,
               database_.query(kDeclarations, {environment.str(), last, kPage}, {.deadline = deadline}));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      SLUICE_TRY(domain::Declaration declared, read_declaration_row(rows.row(i)));
      const domain::TopicName name = declared.name;
      all.emplace_hint(all.end(), name, std::move(declared));
    }
    if (rows.size() < static_cast<std::size_t>(kPage)) return all;
  }
}

}  // namespace sluice::governance::infrastructure
