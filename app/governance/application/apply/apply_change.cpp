#include "governance/application/apply/apply_change.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "governance/application/apply/apply_errors.h"
#include "governance/application/apply/change_executor.h"
#include "governance/application/apply/item_record.h"
#include "governance/application/kept_document.h"
#include "governance/application/live_uses.h"
#include "governance/application/plan_digest.h"
#include "governance/application/plan_document.h"
#include "governance/application/plan_json.h"
#include "governance/domain/plan/planner.h"

namespace sluice::governance::application {
namespace {

constexpr std::chrono::milliseconds kJournalDeadline{5'000};

// From the document that was shown.
Result<std::vector<domain::PlannedItem>> approved_items(const ApprovedRevision& approved) {
  SLUICE_TRY(const Json document, read_kept_document(approved.change_id, approved.digest, approved.document));
  return planned_items(document);
}

domain::Execution new_record(const ApprovedRevision& approved, const std::vector<domain::PlannedItem>& items) {
  domain::Execution record;
  record.change_id = approved.change_id;
  record.revision = approved.revision;
  record.digest = approved.digest;
  record.approval_id = approved.approval_id;
  record.environment = approved.environment;
  record.cluster_id = approved.cluster_id;
  record.is_leased = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    domain::ExecutionItem item;
    item.position = static_cast<std::int64_t>(i);
    item.name = items[i].name;
    item.action = items[i].action;
    record.items.push_back(std::move(item));
  }
  return record;
}

std::vector<domain::TopicName> names_of(const domain::TopicBatch& batch) {
  std::vector<domain::TopicName> names;
  for (const auto& item : batch.items) names.push_back(item.name);
  return names;
}

std::vector<domain::TopicName> open_names(const domain::Execution& execution) {
  std::vector<domain::TopicName> names;
  for (const auto& item : execution.items) {
    if (domain::is_open(item.outcome)) names.push_back(item.name);
  }
  return names;
}

// The approved items, each beside what the same item is planned as now.
using Pair = std::pair<const domain::PlannedItem*, const domain::PlannedItem*>;

Result<std::vector<Pair>> pair_up(const std::vector<domain::PlannedItem>& approved, const domain::Plan& now) {
  std::map<std::string_view, const domain::PlannedItem*> by_name;
  for (const domain::PlannedItem& item : now.items) by_name.emplace(item.name.view(), &item);
  std::vector<Pair> pairs;
  pairs.reserve(approved.size());
  for (const domain::PlannedItem& item : approved) {
    const auto again = by_name.find(item.name.view());
    if (again == by_name.end()) return errors::plan_changed(item.name);
    pairs.emplace_back(&item, again->second);
  }
  return pairs;
}

// What is no longer as it was approved; with the fingerprints alike, what is left to differ are defaults that an
// item shows.
Error what_differs(const ApprovedRevision& approved, const domain::Plan& now) {
  const auto items = approved_items(approved);
  if (!items) return items.error();
  const auto pairs = pair_up(*items, now);
  if (!pairs) return pairs.error();
  for (const auto& [before, again] : *pairs) {
    if (const auto field = domain::difference(before->live, again->live)) return errors::plan_stale(before->name, *field);
  }
  if (now.is_blocked()) return errors::violations(now);
  for (const auto& [before, again] : *pairs) {
    if (again->diffs != before->diffs) return errors::plan_changed(before->name);
  }
  return errors::plan_changed(items->empty() ? domain::TopicName{} : items->front().name);
}

// The same digest is the same plan: what is executed is what was approved, whatever its document has become.
Status check_plan(const ApprovedRevision& approved, const domain::Plan& now) {
  if (now.cluster_id != approved.cluster_id) return errors::other_cluster(approved.cluster_id, now.cluster_id);
  if (now.policy_digest != approved.policy_digest) {
    return errors::policies_changed(approved.policy_version, now.policy_version);
  }
  if (plan_digest(now) != approved.digest) return what_differs(approved, now);
  if (now.is_blocked()) return errors::violations(now);
  return {};
}

bool moves_replicas(const domain::PlannedItem& item) { return !item.moves.assignment.empty(); }

// Those planned now, but for moves: their throttle is no part of the digest, and whoever goes on with them
// knows a throttle as ours by the rate that was approved.
Result<std::vector<domain::PlannedItem>> items_to_execute(const ApprovedRevision& approved, domain::Plan now) {
  if (std::any_of(now.items.begin(), now.items.end(), moves_replicas)) return approved_items(approved);
  return std::move(now.items);
}

bool is_of(const RunningExecution& running, const domain::Execution& stored) {
  return std::equal(stored.items.begin(), stored.items.end(), running.planned.begin(), running.planned.end(),
                    [](const domain::ExecutionItem& item, const domain::PlannedItem& planned) {
                      return item.name == planned.name && item.action == planned.action;
                    });
}

}  // namespace

Result<Begun> ApplyChange::begin(const ApplyRequest& request, Deadline deadline) {
  SLUICE_TRY(auto existing, services_.journal.find(request.approved.approval_id,
                                                   deadline.no_later_than(kJournalDeadline)));
  if (!existing) {
    auto begun = start(request, deadline);
    if (begun || begun.error().retryable()) return begun;
    // Perhaps somebody with the same approval was faster, and the plan looks stale for what they have done.
    SLUICE_TRY(existing, services_.journal.find(request.approved.approval_id,
                                                deadline.no_later_than(kJournalDeadline)));
    if (!existing) return begun;
  }
  if (!domain::can_resume(*existing)) return Begun(std::move(*existing));
  return go_on(request, std::move(*existing), deadline);
}

Result<RunningExecution> ApplyChange::prepare(const ApplyRequest& request, std::vector<domain::PlannedItem> items) {
  RunningExecution running;
  SLUICE_TRY(running.environment, services_.environments.find(request.approved.environment));
  running.planned = in_order_of_execution(std::move(items));
  running.record = new_record(request.approved, running.planned);
  running.record.started_by = request.actor.id;
  running.actor = request.actor;
  running.request_id = request.request_id;
  return running;
}

Status ApplyChange::check_mode(const domain::PolicySet& policies, const domain::EnvironmentName& environment,
                               const std::vector<domain::TopicName>& topics) const {
  const TimePoint now = services_.clock.now();
  for (const auto mode : {domain::Mode::kReadOnly, domain::Mode::kDryRun}) {
    std::vector<domain::TopicName> held;
    for (const domain::TopicName& topic : topics) {
      if (policies.mode_for(environment, topic, now) == mode) held.push_back(topic);
    }
    if (!held.empty()) return errors::mode_forbids(domain::to_string(mode), held);
  }
  return {};
}

Result<Begun> ApplyChange::start(const ApplyRequest& request, Deadline deadline) {
  const ApprovedRevision& approved = request.approved;
  if (!approved.is_current) return errors::not_approved(approved.change_id);
  SLUICE_TRY(const domain::TopicBatch batch, services_.read_batch(approved.batch));
  SLUICE_TRY(const auto policies, services_.policies.in_force(deadline));
  SLUICE_CHECK(check_mode(*policies, approved.environment, names_of(batch)));
  if (policies->digest != approved.policy_digest) {
    return errors::policies_changed(approved.policy_version, policies->version);
  }
  SLUICE_TRY(domain::Plan now, services_.planner.plan(batch, deadline));
  SLUICE_CHECK(check_plan(approved, now));
  SLUICE_TRY(auto items, items_to_execute(approved, std::move(now)));
  SLUICE_TRY(RunningExecution running, prepare(request, std::move(items)));
  running.issue = domain::issue_of(batch);
  running.record.id = services_.ids.next_uuid();
  running.record.started_at = services_.clock.now();
  for (auto& item : running.record.items) item.updated_at = running.record.started_at;
  SLUICE_TRY(running.lease, open(running, deadline));
  return Begun(std::move(running));
}

Result<Lease> ApplyChange::open(const RunningExecution& running, Deadline deadline) {
  const domain::Execution& record = running.record;
  const NewExecution execution{record.id,          record.change_id,  record.revision,    record.digest,
                               record.approval_id, record.environment, record.cluster_id, running.actor,
                               running.request_id, record.started_at, running.planned};
  const Deadline until = deadline.no_later_than(kJournalDeadline);
  auto lease = services_.journal.open(execution, begin_entry(running, "change.start"), until);
  if (lease || lease.error().code != "sql.commit-unknown") return lease;
  // Whether it is ours now, only a look can tell. Its lease is left to run out: we don't know since when
  // it runs.
  return errors::interrupted(record.change_id, lease.error());
}

// The approved items as they are, by the rules of now: who reads or fills a topic to delete included.
Result<domain::Plan> ApplyChange::judge_open(const domain::PolicySet& policies, const ApprovedRevision& approved,
                                             const RunningExecution& running, Deadline deadline) {
  SLUICE_TRY(const domain::TopicBatch batch, services_.read_batch(approved.batch));
  const auto names = open_names(running.record);
  const std::set<domain::TopicName> open(names.begin(), names.end());
  SLUICE_TRY(domain::ClusterState state, services_.planner.state_of(approved.environment, names, deadline));
  const TimePoint now = services_.clock.now();
  domain::Plan judged = domain::judge_again({batch, running.planned, open}, state, policies, now);
  SLUICE_TRY(const bool more, read_uses(*running.environment->cluster, judged, state, deadline));
  if (!more) return judged;
  return domain::judge_again({batch, running.planned, open}, state, policies, now);
}

// Refused where nothing is left but what is forbidden. Otherwise that is held and the rest goes on: above
// all, what may have been sent before has to be looked at, whatever the rules say today.
Status ApplyChange::hold_forbidden(const ApprovedRevision& approved, RunningExecution& running, Deadline deadline) {
  SLUICE_TRY(const auto policies, services_.policies.in_force(deadline));
  const auto judged = judge_open(*policies, approved, running, deadline);
  const bool any_in_doubt = std::any_of(running.record.items.begin(), running.record.items.end(), domain::is_in_doubt);
  if (!judged && (judged.error().retryable() || !any_in_doubt)) return judged.error();
  running.held = judged ? held_by_rules(running.record, *judged) : held_all(running.record, judged.error());
  bool any_held = false;
  bool any_left = false;
  for (const domain::ExecutionItem& item : running.record.items) {
    const auto& planned = running.planned[static_cast<std::size_t>(item.position)];
    if (!domain::is_open(item.outcome) || planned.action == domain::PlannedAction::kNone) continue;
    const bool held = running.held.contains(item.position) ||
                      held_by_mode(*policies, approved.environment, planned, services_.clock.now()).has_value();
    any_held = any_held || held;
    // A failed one has been told already.
    const bool untold = domain::is_in_doubt(item) && item.outcome.state != domain::ItemState::kFailed;
    any_left = any_left || !held || untold;
  }
  if (!any_held || any_left) return {};
  SLUICE_CHECK(check_mode(*policies, approved.environment, open_names(running.record)));
  return judged ? errors::violations(*judged) : judged.error();
}

Result<Begun> ApplyChange::go_on(const ApplyRequest& request, domain::Execution execution, Deadline deadline) {
  if (execution.is_leased) return errors::in_progress(execution.change_id);
  if (!request.approved.is_current) return errors::not_approved(execution.change_id);
  SLUICE_TRY(auto items, approved_items(request.approved));
  SLUICE_TRY(RunningExecution running, prepare(request, std::move(items)));
  if (const auto batch = services_.read_batch(request.approved.batch)) running.issue = domain::issue_of(*batch);
  if (!is_of(running, execution)) return errors::tampered(execution.change_id);
  running.record = std::move(execution);
  SLUICE_CHECK(hold_forbidden(request.approved, running, deadline));
  running.record.state = domain::ExecutionState::kRunning;
  SLUICE_TRY(running.lease, services_.journal.reopen(running.record, begin_entry(running, "change.resume"),
                                                     deadline.no_later_than(kJournalDeadline)));
  return Begun(std::move(running));
}

}  // namespace sluice::governance::application
