#include "governance/infrastructure/policy/sql_policy_ledger.h"

#include <fmt/format.h>

#include "governance/application/policies/policy_errors.h"

namespace sluice::governance::infrastructure {
namespace {

using application::PolicyVersion;

constexpr std::string_view kNewest = "SELECT CAST(coalesce(max(version), 0) AS bigint) AS version FROM governance_policies";

constexpr std::string_view kFind = R"(
SELECT version, digest, label, document, author, author_owner, author_issuer, change_id, created_at_ms
  FROM governance_policies WHERE version = $1)";

constexpr std::string_view kList = R"(
SELECT version, digest, label, '' AS document, author, author_owner, author_issuer, change_id, created_at_ms
  FROM governance_policies WHERE version < $1 ORDER BY version DESC LIMIT $2)";

constexpr std::string_view kInsert = R"(
INSERT INTO governance_policies
  (version, digest, label, document, author, author_owner, author_issuer, change_id, created_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))";

// One approval, one version: whoever comes second finds the change applied already.
constexpr std::string_view kSpend = R"(
UPDATE governance_changes
   SET state = 'APPLIED', spent_revision = $2, updated_at_ms = $4
 WHERE change_id = $1 AND state = 'APPROVED' AND revision >= $2 AND digest = $3 AND spent_revision < $2
RETURNING environment)";

Result<PolicyVersion> version_of(sql::Row row) {
  PolicyVersion version;
  version.version = row.integer("version");
  version.digest = row.text("digest");
  version.label = row.text("label");
  version.document = row.text("document");
  version.author = {row.text("author"), row.text("author_owner"), row.text("author_issuer"), ""};
  version.change_id = row.text("change_id");
  version.created_at = row.time("created_at_ms");
  SLUICE_CHECK(row.status());
  return version;
}

// A request may take longer than its look at a database that hangs should.
sql::TransactionOptions within(Deadline deadline) {
  sql::TransactionOptions options;
  options.deadline = deadline.no_later_than(options.deadline.remaining());
  return options;
}

Error spent(const application::SpentApproval& approval) {
  return {ErrorKind::kConflict, "change.not-approved",
          "The change '" + approval.change_id.str() + "' is not approved any more, or was put in force already.",
          "Look at GET /v1/changes/" + approval.change_id.str() + ".", {}};
}

Status spend(sql::Session& session, const application::SpentApproval& approval, const PolicyVersion& version,
             notify::contract::NotificationQueue* queue) {
  SLUICE_TRY(const sql::Rows rows, session.query(kSpend, {approval.change_id.str(), approval.revision, approval.digest,
                                                          version.created_at}));
  if (rows.size() != 1) return spent(approval);
  if (queue == nullptr) return {};
  sql::Row row = rows.row(0);
  notify::contract::Notification applied;
  applied.event = notify::contract::Event::kApplied;
  applied.environment = row.text("environment");
  SLUICE_CHECK(row.status());
  applied.change_id = approval.change_id.str();
  applied.actor = version.author;
  applied.summary = fmt::format("policies \"{}\" are in force as version {}", version.label, version.version);
  applied.facts = {{"version", version.version}, {"digest", approval.digest}, {"revision", approval.revision}};
  return queue->enqueue(session, applied);
}

}  // namespace

Result<std::int64_t> SqlPolicyLedger::newest(Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kNewest, {}, within(deadline)));
  sql::Row row = rows.row(0);
  const std::int64_t version = row.integer("version");
  SLUICE_CHECK(row.status());
  return version;
}

Result<std::optional<PolicyVersion>> SqlPolicyLedger::find(std::int64_t version, Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kFind, {version}, within(deadline)));
  if (rows.empty()) return std::optional<PolicyVersion>();
  SLUICE_TRY(PolicyVersion found, version_of(rows.row(0)));
  return std::optional(std::move(found));
}

Result<std::vector<PolicyVersion>> SqlPolicyLedger::list(std::int64_t before, int limit, Deadline deadline) {
  SLUICE_TRY(const sql::Rows rows, database_.query(kList, {before, limit}, within(deadline)));
  std::vector<PolicyVersion> versions;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SLUICE_TRY(PolicyVersion version, version_of(rows.row(i)));
    versions.push_back(std::move(version));
  }
  return versions;
}

Status SqlPolicyLedger::append(const PolicyVersion& version, const std::optional<application::SpentApproval>& approval,
                               std::span<const audit::contract::Entry> entries, Deadline deadline) {
  const auto stored = database_.transaction(
      [&](sql::Session& session) -> Status {
        SLUICE_TRY(const std::int64_t inserted,
                   session.execute(kInsert, {version.version, version.digest, version.label, version.document,
                                             version.author.id, version.author.owner, version.author.issuer,
                                             version.change_id, version.created_at}));
        (void)inserted;  // one, or an error
        if (approval) SLUICE_CHECK(spend(session, *approval, version, queue_));
        return audit_.append(session, entries);
      },
      within(deadline));
  if (!stored && stored.error().code == "sql.unique-violation") return application::errors::policy_version_taken();
  return stored;
}

}  // namespace sluice::governance::infrastructure
