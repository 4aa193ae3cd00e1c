#include "governance/application/changes/change_json.h"

namespace sluice::governance::application {
namespace {

Json item_to_json(const domain::ExecutionItem& item) {
  Json json{{"name", item.name.str()},
            {"action", domain::to_string(item.action)},
            {"state", domain::to_string(item.outcome.state)},
            {"attempts", item.attempts},
            {"updatedAt", format_rfc3339(item.updated_at)}};
  if (!item.outcome.code.empty()) {
    json["code"] = item.outcome.code;
    json["message"] = item.outcome.message;
    json["retryable"] = item.outcome.retryable;
  }
  if (!item.outcome.topic_id.empty()) json["topicId"] = item.outcome.topic_id;
  return json;
}

}  // namespace

Json change_to_json(const domain::StoredChange& change) {
  return {{"changeId", change.change_id.str()},
          {"kind", change.kind},
          {"env", change.environment.str()},
          {"state", domain::to_string(change.state)},
          {"revision", change.revision},
          {"digest", change.digest},
          {"requester", change.requester},
          {"createdAt", format_rfc3339(change.created_at)},
          {"updatedAt", format_rfc3339(change.updated_at)}};
}

Json revision_to_json(const domain::RevisionSummary& revision) {
  return {{"revision", revision.revision},
          {"digest", revision.digest},
          {"requester", revision.requester.id},
          {"requiredApprovals", revision.required_approvals},
          {"createdAt", format_rfc3339(revision.created_at)}};
}

Json approval_to_json(const domain::StoredApproval& approval, bool counts) {
  Json json{{"id", approval.id},
            {"revision", approval.revision},
            {"digest", approval.digest},
            {"decision", domain::to_string(approval.decision)},
            {"approver", approval.approver.id},
            {"owner", approval.approver.owner},
            {"issuer", approval.approver.issuer},
            {"createdAt", format_rfc3339(approval.created_at)},
            {"counts", counts}};
  if (!approval.comment.empty()) json["comment"] = approval.comment;
  if (approval.decision == domain::Decision::kApprove) json["expiresAt"] = format_rfc3339(approval.expires_at);
  return json;
}

Json execution_to_json(const domain::Execution& execution) {
  Json items = Json::array();
  for (const domain::ExecutionItem& item : execution.items) items.push_back(item_to_json(item));
  Json json{{"id", execution.id},
            {"revision", execution.revision},
            {"state", domain::to_string(execution.state)},
            {"startedBy", execution.started_by},
            {"startedAt", format_rfc3339(execution.started_at)}};
  if (execution.finished_at) json["finishedAt"] = format_rfc3339(*execution.finished_at);
  json["items"] = std::move(items);
  return json;
}

}  // namespace sluice::governance::application
