#include "governance/application/apply/apply_errors.h"

#include <fmt/format.h>

namespace sluice::governance::application::errors {
namespace {

constexpr std::string_view kPlanAgain = "Plan the change again and have the new revision approved.";
constexpr std::size_t kNamesShown = 20;

std::string field_message(const domain::StaleField& field) {
  return fmt::format("{} was {} when the change was approved and is {} now", field.field, field.expected,
                     field.found);
}

}  // namespace

Error plan_stale(const domain::TopicName& topic, const domain::StaleField& field) {
  const std::string message = field_message(field);
  return {ErrorKind::kConflict, "plan.stale", fmt::format("The plan of '{}' is stale: {}.", topic.str(), message),
          std::string(kPlanAgain),
          {{fmt::format("{}.{}", topic.str(), field.field), "stale", message, std::string(kPlanAgain), 0, 0}}};
}

Error plan_changed(const domain::TopicName& topic) {
  return {ErrorKind::kConflict, "plan.stale",
          fmt::format("Planned again, '{}' comes out otherwise than it was approved.", topic.str()),
          std::string(kPlanAgain),
          {{topic.str(), "stale", "the broker's defaults or this server's rules have changed",
            std::string(kPlanAgain), 0, 0}}};
}

Error not_topics(const domain::ChangeId& change) {
  return {ErrorKind::kConflict, "apply.not-topics", fmt::format("Change '{}' is one of the policies.", change.str()),
          "Put it in force with `sluice policy apply` or POST /v1/policies/apply.", {}};
}

Error policies_changed(const std::string& approved, const std::string& in_force) {
  return {ErrorKind::kConflict, "plan.policies-changed",
          fmt::format("The change was approved under the policies {}, but {} are in force.", approved, in_force),
          std::string(kPlanAgain), {}};
}

Error other_cluster(const std::string& approved, const std::string& found) {
  return {ErrorKind::kConflict, "plan.other-cluster",
          fmt::format("The change was approved for the cluster '{}', but the environment is on '{}'.", approved,
                      found),
          std::string(kPlanAgain), {}};
}

Error mode_forbids(std::string_view mode, const std::vector<domain::TopicName>& topics) {
  const std::string fix = "Ask who owns the policies to set the mode to apply for these topics.";
  Error error{ErrorKind::kConflict, fmt::format("mode.{}", mode),
              fmt::format("{} of the change's topics are in the mode {}: nothing was sent.", topics.size(), mode), fix,
              {}};
  for (const auto& topic : topics) {
    if (error.problems.size() == kNamesShown) break;
    error.problems.push_back({topic.str(), "mode", fmt::format("the mode here is {}", mode), fix, 0, 0});
  }
  return error;
}

Error in_progress(const domain::ChangeId& change) {
  return {ErrorKind::kConflict, "apply.in-progress", fmt::format("Change '{}' is being applied.", change.str()),
          fmt::format("Follow it: GET /v1/changes/{}.", change.str()), {}};
}

Error conflict(const std::string& topic, const std::string& holder) {
  const std::string message = fmt::format("'{}' is being changed by '{}'", topic, holder);
  return {ErrorKind::kConflict, "apply.conflict", fmt::format("Topic {}.", message),
          "Apply again when that one has ended.",
          {{topic, "held", message, fmt::format("GET /v1/changes/{}", holder), 0, 0}}};
}

Error lease_lost(const std::string& execution) {
  return {ErrorKind::kConflict, "apply.lease-lost",
          fmt::format("Execution {} was taken over by another process.", execution), "", {}};
}

Error not_approved(const domain::ChangeId& change) {
  return {ErrorKind::kConflict, "change.not-approved",
          fmt::format("This revision of change '{}' is not approved any more.", change.str()),
          "It was rejected, cancelled or planned again meanwhile: have the newest revision approved.", {}};
}

Error token_of_another(const domain::ChangeId& change) {
  return {ErrorKind::kConflict, "apply.other-document",
          fmt::format("The approval token is not one of change '{}'.", change.str()),
          "Send the token that the approval of this change gave.", {}};
}

Error other_document(const domain::ChangeId& change) {
  return {ErrorKind::kConflict, "apply.other-document",
          fmt::format("This document is not the one of change '{}' that was approved.", change.str()),
          "Send the batch exactly as it was planned, or the changeId alone.", {}};
}

Error violations(const domain::Plan& plan) {
  Error error{ErrorKind::kInvalid, "plan.violations", "Blocking violations forbid the change now.",
              "Mend each of them, then plan again.", {}};
  for (const domain::Violation& violation : plan.violations) {
    if (violation.severity != domain::Severity::kBlock) continue;
    error.problems.push_back({violation.field.empty() ? violation.name.str()
                                                      : fmt::format("{}.{}", violation.name.str(), violation.field),
                              violation.rule, violation.message, violation.fix, 0, 0});
  }
  return error;
}

Error busy() {
  return {ErrorKind::kUnavailable, "apply.busy", "As many changes are being applied as this server takes at once.",
          "Apply again in a few seconds; the approval is not spent.", {}};
}

Error interrupted(const domain::ChangeId& change, const Error& cause) {
  return {ErrorKind::kUnavailable, "apply.interrupted",
          fmt::format("The apply of '{}' stopped before its end: {}", change.str(), cause.describe()),
          "Apply it again: it goes on where it stopped, and what is done stays done.", {}};
}

Error tampered(const domain::ChangeId& change) {
  return {ErrorKind::kInternal, "plan.tampered",
          fmt::format("The kept plan of change '{}' is not what its digest says.", change.str()),
          "Somebody changed it in the database. Look into the audit trail, then plan again under another changeId.", {}};
}

}  // namespace sluice::governance::application::errors
