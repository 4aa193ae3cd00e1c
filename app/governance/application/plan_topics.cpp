#include "governance/application/plan_topics.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "governance/application/batch_json.h"
#include "governance/application/broker_questions.h"
#include "governance/application/changes/approval_decision.h"
#include "governance/application/errors.h"
#include "governance/application/kept_document.h"
#include "governance/application/live_uses.h"
#include "governance/application/plan_digest.h"
#include "governance/application/plan_json.h"
#include "governance/domain/plan/planner.h"
#include "platform/core/canonical_json.h"

namespace sluice::governance::application {
namespace {

// How long a create or delete that is under way may keep reads and the controller apart.
constexpr std::chrono::milliseconds kSettleTime{5'000};

std::vector<domain::TopicName> names_of(const domain::TopicBatch& batch) {
  std::vector<domain::TopicName> names;
  names.reserve(batch.items.size());
  for (const domain::TopicItem& item : batch.items) names.push_back(item.name);
  return names;
}

Json fingerprints_of(const domain::Plan& plan) {
  Json::object_t fingerprints;
  fingerprints.reserve(plan.items.size());
  for (const domain::PlannedItem& item : plan.items) {
    // A plan names a topic once: looking for the name each time would take a thousand steps an item.
    fingerprints.emplace_back(item.name.str(), fingerprint_to_json(item.live));
  }
  return fingerprints;
}

Json summary_of(const domain::Plan& plan) {
  std::array<int, 4> actions{};
  for (const domain::PlannedItem& item : plan.items) ++actions[static_cast<std::size_t>(item.action)];
  std::array<int, 3> severities{};
  for (const domain::Violation& violation : plan.violations) {
    ++severities[static_cast<std::size_t>(violation.severity)];
  }
  const auto action = [&](domain::PlannedAction a) { return actions[static_cast<std::size_t>(a)]; };
  const auto severity = [&](domain::Severity s) { return severities[static_cast<std::size_t>(s)]; };
  return {{"create", action(domain::PlannedAction::kCreate)},
          {"alter", action(domain::PlannedAction::kAlter)},
          {"delete", action(domain::PlannedAction::kDelete)},
          {"none", action(domain::PlannedAction::kNone)},
          {"block", severity(domain::Severity::kBlock)},
          {"warn", severity(domain::Severity::kWarn)},
          {"observe", severity(domain::Severity::kObserve)}};
}

bool changes_nothing(const domain::Plan& plan) {
  return !plan.is_blocked() && std::all_of(plan.items.begin(), plan.items.end(), [](const domain::PlannedItem& item) {
    return item.action == domain::PlannedAction::kNone;
  });
}

// What the digest covers is exactly what was planned: not who asked, nor when, nor who happens to
// be reading a topic.
Json document_of(const domain::Plan& plan) {
  Json document = plan_to_json(plan);
  document["digest"] = document_digest(document);
  document["liveFingerprint"] = json_digest(fingerprints_of(plan));
  document["summary"] = summary_of(plan);
  return document;
}

Json with_origin(Json document, const domain::StoredPlan& stored) {
  document["revision"] = stored.revision;
  document["requester"] = stored.requester.id;
  document["createdAt"] = format_rfc3339(stored.created_at);
  return document;
}

}  // namespace

Result<KeptPlan> PlanTopics::dry_run(const domain::TopicBatch& batch, const Actor& requester,
                                     Deadline deadline) {
  SLUICE_TRY(domain::Plan planned, plan(batch, deadline));
  return keep(batch, std::move(planned), requester);
}

Result<domain::ClusterState> PlanTopics::state_of(const domain::EnvironmentName& environment,
                                                  const std::vector<domain::TopicName>& names, Deadline deadline) {
  SLUICE_TRY(const GovernedEnvironment* governed, environments_.find(environment));
  SLUICE_TRY(auto declared, records_.metadata_of(environment, names, deadline));
  SLUICE_TRY(domain::ClusterState state, read_state(*governed, names, deadline));
  state.declared = std::move(declared);
  return state;
}

// Reads lag writes, so a read alone does not decide whether a topic exists: when the controller's
// verdicts disagree, wait until the reads have caught up and plan again from them.
Result<domain::Plan> PlanTopics::plan(const domain::TopicBatch& batch, Deadline deadline) {
  SLUICE_TRY(const GovernedEnvironment* environment, environments_.find(batch.env));
  domain::TopicCluster& cluster = *environment->cluster;
  const Deadline settled_by = deadline.no_later_than(kSettleTime);
  const std::vector<domain::TopicName> names = names_of(batch);
  for (;;) {
    SLUICE_TRY(domain::ClusterState state, state_of(batch.env, names, deadline));
    SLUICE_TRY(domain::Plan planned, plan_from(batch, cluster, std::move(state), deadline));
    for (auto& item : planned.items) {
      if (item.moves.assignment.empty()) continue;
      item.moves.throttle_bytes_per_s = environment->reassignment_throttle_bytes_per_s;
    }
    SLUICE_TRY(auto verdicts, cluster.validate(broker_questions(planned), deadline));
    const auto disputed = disputed_existence(planned, verdicts);
    if (disputed.empty()) {
      drop_existence_checks(planned, verdicts);
      domain::apply_verdicts(planned, verdicts);
      return planned;
    }
    SLUICE_TRY(const bool settled, cluster.await_existence(disputed, settled_by));
    if (!settled || settled_by.expired()) return errors::cluster_unsettled(disputed.front().first);
  }
}

Result<domain::Plan> PlanTopics::plan_from(const domain::TopicBatch& batch, domain::TopicCluster& cluster,
                                           domain::ClusterState state, Deadline deadline) {
  SLUICE_TRY(const auto policies, policies_.in_force(deadline));
  const TimePoint now = clock_.now();
  domain::Plan planned = domain::make_plan(batch, state, *policies, now);
  SLUICE_TRY(const bool more, read_uses(cluster, planned, state, deadline));
  if (!more) return planned;
  return domain::make_plan(batch, state, *policies, now);
}

Result<KeptPlan> PlanTopics::keep(const domain::TopicBatch& batch, domain::Plan plan, const Actor& requester) {
  Json document = document_of(plan);
  const Json asked = batch_to_json(batch);
  if (std::string issue = domain::issue_of(batch); !issue.empty()) document["issue"] = std::move(issue);
  domain::StoredPlan stored{{.change_id = plan.change_id,
                             .environment = plan.env,
                             .requester = requester,
                             .digest = document["digest"].get<std::string>(),
                             .document = document.dump(),
                             .created_at = clock_.now(),
                             .cluster_id = plan.cluster_id,
                             .policy_version = plan.policy_version,
                             .policy_digest = plan.policy_digest,
                             .live_fingerprint = document["liveFingerprint"].get<std::string>(),
                             .batch = canonical_json(asked),
                             .batch_digest = json_digest(asked),
                             .required_approvals = policies_.current()->approvals.required(plan),
                             .news = plan_news(document),
                             .changes_nothing = changes_nothing(plan)},
                            0};
  SLUICE_TRY(stored.revision, plans_.append(stored));
  return KeptPlan{std::move(plan), with_origin(std::move(document), stored)};
}

Result<Json> PlanTopics::kept(const domain::ChangeId& change, std::optional<std::int64_t> revision) {
  SLUICE_TRY(const auto found, plans_.find(change, revision));
  if (!found) return errors::plan_not_found(change, revision);
  SLUICE_TRY(Json document, read_kept_document(change, found->digest, found->document));
  return with_origin(std::move(document), *found);
}

}  // namespace sluice::governance::application
