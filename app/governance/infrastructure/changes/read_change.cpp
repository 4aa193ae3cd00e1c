#include "governance/infrastructure/changes/read_change.h"

#include "platform/sql/errors.h"

namespace sluice::governance::infrastructure {

Result<domain::StoredChange> read_change(sql::Row row) {
  const auto state = domain::parse_change_state(row.text("state"));
  domain::StoredChange change{domain::ChangeId{row.text("change_id")},
                              row.text("kind"),
                              domain::EnvironmentName{row.text("environment")},
                              state.value_or(domain::ChangeState::kPlanned),
                              row.integer("revision"),
                              row.text("digest"),
                              row.text("requester"),
                              row.integer("spent_revision"),
                              row.time("created_at_ms"),
                              row.time("updated_at_ms")};
  SLUICE_CHECK(row.status());
  if (!state) return sql::errors::wrong_type("governance_changes.state is none that this program knows.");
  return change;
}

Result<domain::StoredApproval> read_approval(sql::Row row) {
  domain::StoredApproval approval{
      row.text("id"),
      row.integer("revision"),
      row.text("digest"),
      Actor{row.text("approver"), row.text("approver_owner"), row.text("approver_issuer"), row.text("approver_token_id")},
      row.text("decision") == "approve" ? domain::Decision::kApprove : domain::Decision::kReject,
      row.text("comment"),
      row.text("statement"),
      row.time("created_at_ms"),
      row.time("expires_at_ms")};
  SLUICE_CHECK(row.status());
  return approval;
}

}  // namespace sluice::governance::infrastructure
