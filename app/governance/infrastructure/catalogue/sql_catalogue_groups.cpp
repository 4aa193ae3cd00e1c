// SqlCatalogueRepository's other half: who reads topics, and forgetting those that are long gone.
#include <algorithm>

#include <fmt/format.h>

#include "governance/infrastructure/catalogue/catalogue_clock.h"
#include "governance/infrastructure/catalogue/sql_catalogue_repository.h"
#include "platform/core/canonical_json.h"
#include "platform/sql/statement_text.h"
#include "platform/text/json.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::EnvironmentName;
using domain::GroupLag;
using domain::TopicGroups;
using domain::TopicName;

constexpr std::string_view kChangedSince = R"(
SELECT environment, name, readers FROM governance_catalogue_groups
 WHERE version > $1 AND (environment, name) > ($2, $3)
 ORDER BY environment COLLATE "C", name COLLATE "C" LIMIT $4)";

constexpr std::string_view kOfEnvironment = R"(
SELECT environment, name, readers FROM governance_catalogue_groups
 WHERE environment = $1 AND name > $2
 ORDER BY name COLLATE "C" LIMIT $3)";

constexpr std::string_view kStore = R"(
INSERT INTO governance_catalogue_groups (environment, name, version, readers) VALUES {}
ON CONFLICT (environment, name) DO UPDATE SET version = excluded.version, readers = excluded.readers)";

constexpr std::string_view kStoreRead = R"(
UPDATE governance_catalogue_syncs SET groups_read_at_ms = $2, groups_unread = $3 WHERE environment = $1)";

constexpr std::string_view kForgetGroups = R"(
DELETE FROM governance_catalogue_groups WHERE environment = $1 AND name IN
  (SELECT name FROM governance_catalogue WHERE environment = $1 AND gone_at_ms < $2))";

constexpr std::string_view kForget = "DELETE FROM governance_catalogue WHERE environment = $1 AND gone_at_ms < $2";

constexpr std::string_view kStoreForgotten =
    "UPDATE governance_catalogue_syncs SET forgotten_before_ms = $2 WHERE environment = $1";

constexpr int kPage = 5'000;
constexpr std::size_t kRowsOfAnInsert = 500;

std::string write_readers(const std::vector<GroupLag>& groups) {
  Json json = Json::array();
  for (const GroupLag& group : groups) {
    json.push_back({group.group, group.state, group.members ? Json(*group.members) : Json(),
                    group.lag ? Json(*group.lag) : Json()});
  }
  return canonical_json(json);
}

std::optional<std::int64_t> integer_of(const text::Node& node) {
  return node.kind == text::Node::Kind::kInteger ? std::optional(node.integer) : std::nullopt;
}

Result<std::vector<GroupLag>> read_readers(std::string_view stored) {
  SLUICE_TRY(const text::Node document, text::parse_json(stored));
  std::vector<GroupLag> groups;
  for (const text::Node& group : document.items) {
    if (group.items.size() != 4) continue;
    const auto members = integer_of(group.items[2]);
    groups.push_back({group.items[0].spelling, group.items[1].spelling,
                      members ? std::optional(static_cast<std::int32_t>(*members)) : std::nullopt,
                      integer_of(group.items[3])});
  }
  return groups;
}

Result<std::vector<TopicGroups>> read_rows(const sql::Rows& rows) {
  std::vector<TopicGroups> topics;
  topics.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    sql::Row row = rows.row(i);
    TopicGroups topic{EnvironmentName{row.text("environment")}, TopicName{row.text("name")}, {}};
    const std::string readers = row.text("readers");
    SLUICE_CHECK(row.status());
    SLUICE_TRY(topic.groups, read_readers(readers));
    topics.push_back(std::move(topic));
  }
  return topics;
}

Status store_some(sql::Session& session, std::span<const TopicGroups> topics) {
  SLUICE_TRY(const std::int64_t version, next_catalogue_version(session));
  sql::Params params;
  for (const TopicGroups& topic : topics) {
    params.add(topic.environment.str()).add(topic.name.str()).add(version).add(write_readers(topic.groups));
  }
  SLUICE_CHECK(session.execute(fmt::format(kStore, sql::placeholder_rows(1, topics.size(), 4)), params));
  return {};
}

}  // namespace

Result<std::vector<TopicGroups>> SqlCatalogueRepository::groups_changed_since(
    std::int64_t version, const EnvironmentName& after_environment, const TopicName& after, int limit,
    Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kChangedSince, {version, after_environment.str(), after.str(), limit},
                                                   {.deadline = deadline}));
  return read_rows(rows);
}

Result<std::map<TopicName, std::vector<GroupLag>>> SqlCatalogueRepository::groups_of(
    const EnvironmentName& environment, Deadline deadline) {
  std::map<TopicName, std::vector<GroupLag>> all;
  for (;;) {
    const std::string last = all.empty() ? std::string() : all.rbegin()->first.str();
    SLUICE_TRY(const sql::Rows rows,
               database_.query(kOfEnvironment, {environment.str(), last, kPage}, {.deadline = deadline}));
    SLUICE_TRY(auto topics, read_rows(rows));
    for (TopicGroups& topic : topics) all.emplace_hint(all.end(), std::move(topic.name), std::move(topic.groups));
    if (rows.size() < static_cast<std::size_t>(kPage)) return all;
  }
}

Status SqlCatalogueRepository::store_groups(std::span<const TopicGroups> topics, Deadline deadline) {
  for (std::size_t begin = 0; begin < topics.size(); begin += kRowsOfAnInsert) {
    const auto some = topics.subspan(begin, std::min(kRowsOfAnInsert, topics.size() - begin));
    SLUICE_CHECK(database_.transaction([&](sql::Session& session) { return store_some(session, some); },
                                       {.deadline = deadline}));
  }
  return {};
}

Status SqlCatalogueRepository::store_groups_read(const EnvironmentName& environment,
                                                 const domain::ConsumptionRead& read, Deadline deadline) {
  SLUICE_CHECK(database_.execute(kStoreRead, {environment.str(), read.at, read.unread}, {.deadline = deadline}));
  return {};
}

// Those who follow by version see no deletion: they drop what `forgotten_before` covers themselves.
Result<std::int64_t> SqlCatalogueRepository::forget_gone(const EnvironmentName& environment, TimePoint before,
                                                         Deadline deadline) {
  return database_.transaction(
      [&](sql::Session& session) -> Result<std::int64_t> {
        SLUICE_CHECK(session.execute(kForgetGroups, {environment.str(), before}));
        SLUICE_TRY(const std::int64_t dropped, session.execute(kForget, {environment.str(), before}));
        SLUICE_CHECK(session.execute(kStoreForgotten, {environment.str(), before}));
        return dropped;
      },
      {.deadline = deadline});
}

}  // namespace sluice::governance::infrastructure
