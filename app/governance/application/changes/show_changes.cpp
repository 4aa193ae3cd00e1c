#include "governance/application/changes/show_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "governance/application/changes/change_errors.h"
#include "governance/application/changes/change_json.h"
#include "governance/application/changes/planned_subjects.h"
#include "governance/domain/change/quorum.h"

namespace sluice::governance::application {
namespace {

// A tilde is in no change id.
constexpr char kBetween = '~';

Json approvals_json(const domain::ChangeFile& file, const std::vector<const domain::StoredApproval*>& counting) {
  Json approvals = Json::array();
  for (const domain::StoredApproval& approval : file.approvals) {
    const bool counts = std::find(counting.begin(), counting.end(), &approval) != counting.end();
    approvals.push_back(approval_to_json(approval, counts));
  }
  return approvals;
}

// It may be of an earlier revision, which named other topics.
bool may_read_items(const domain::Execution& execution, const Caller& caller) {
  std::vector<Subject> subjects;
  for (const domain::ExecutionItem& item : execution.items) subjects.push_back({execution.environment, item.name.str()});
  return first_not_allowed(caller, Right::kRead, subjects) == nullptr;
}

}  // namespace

Result<Json> ShowChanges::story(const domain::ChangeId& change, const Caller& caller, Deadline deadline) {
  SLUICE_TRY(const auto file, changes_.find(change, deadline));
  if (!file) return errors::change_not_found(change);
  SLUICE_TRY(const auto plan, plans_.find(change, file->change.revision));
  if (!plan) return errors::change_not_found(change);
  const Json document = Json::parse(plan->document);  // our own text
  if (first_not_allowed(caller, Right::kRead, planned_subjects(plan->environment, document)) != nullptr) {
    return errors::change_not_found(change);
  }
  const auto counting = domain::counting_approvals(*file, clock_.now());
  Json story = change_to_json(file->change);
  story["requiredApprovals"] = plan->required_approvals;
  story["remaining"] = domain::remaining(plan->required_approvals, counting.size());
  story["blocked"] = is_blocked(document);
  story["summary"] = document.value("summary", Json::object());
  SLUICE_TRY(const auto revisions, changes_.revisions(change, deadline));
  story["revisions"] = Json::array();
  for (const domain::RevisionSummary& revision : revisions) story["revisions"].push_back(revision_to_json(revision));
  story["approvals"] = approvals_json(*file, counting);
  if (executions_ == nullptr) return story;
  SLUICE_TRY(const auto execution, executions_->newest_of(change, deadline));
  if (execution && may_read_items(*execution, caller)) story["execution"] = execution_to_json(*execution);
  return story;
}

// Who may read the whole environment need not be asked name by name; a change of policies may touch others.
Result<bool> ShowChanges::may_read(const domain::StoredChange& change, const Caller& caller) {
  const bool in_one = change.kind == domain::kTopicsPlan;
  if (in_one && caller.may(Right::kRead, change.environment.view(), "*")) return true;
  SLUICE_TRY(const auto plan, plans_.find(change.change_id, change.revision));
  if (!plan) return false;
  const auto subjects = planned_subjects(change.environment, Json::parse(plan->document));
  return first_not_allowed(caller, Right::kRead, subjects) == nullptr;
}

Result<Json> ShowChanges::list(const domain::ChangeFilter& filter, const Caller& caller, Deadline deadline) {
  domain::ChangeFilter one_more = filter;
  ++one_more.limit;
  SLUICE_TRY(auto changes, changes_.list(one_more, deadline));
  const bool more = changes.size() > static_cast<std::size_t>(filter.limit);
  if (more) changes.pop_back();
  Json page{{"changes", Json::array()}};
  for (const domain::StoredChange& change : changes) {
    SLUICE_TRY(const bool readable, may_read(change, caller));
    if (readable) page["changes"].push_back(change_to_json(change));
  }
  if (more) page["next"] = write_place({changes.back().updated_at, changes.back().change_id});
  return page;
}

std::string write_place(const domain::ChangeFilter::Place& place) {
  return fmt::format("{}{}{}", place.updated_at.time_since_epoch().count(), kBetween, place.change_id.str());
}

std::optional<domain::ChangeFilter::Place> read_place(std::string_view text) {
  std::int64_t time = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), time);
  if (failure != std::errc{} || end == text.data() + text.size() || *end != kBetween || time < 0) return std::nullopt;
  const std::string_view change(end + 1, static_cast<std::size_t>(text.data() + text.size() - end - 1));
  return domain::ChangeFilter::Place{TimePoint{std::chrono::milliseconds{time}}, domain::ChangeId{std::string(change)}};
}

}  // namespace sluice::governance::application
