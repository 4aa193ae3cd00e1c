#include "governance/application/policies/manage_policies.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "governance/application/changes/approval_decision.h"
#include "governance/application/policies/policy_errors.h"
#include "governance/application/policies/policy_projection.h"
#include "platform/core/canonical_json.h"

namespace sluice::governance::application {
namespace {

using audit::contract::Entry;
using domain::EnvironmentName;

const Actor kBootstrap{"system:bootstrap", "system:bootstrap", "", ""};

// Of both documents and the server: one that goes away is touched as well.
std::vector<EnvironmentName> environments_of(const Json& before, const domain::PolicySet& after,
                                             const Environments& governed) {
  std::set<EnvironmentName> all(after.environments.begin(), after.environments.end());
  for (const Json& name : before.value("environments", Json::array())) {
    if (name.is_string()) all.insert(EnvironmentName(name.get<std::string>()));
  }
  for (const GovernedEnvironment& one : governed.all()) all.insert(one.name);
  return {all.begin(), all.end()};
}

// One that this server does not govern may be another server's protected one: nobody here can tell.
bool is_protected(const EnvironmentName& env, const Environments& governed) {
  const auto& all = governed.all();
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == env; });
  return found == all.end() || found->is_protected;
}

Json identity_of(const PolicyVersion& version) {
  return {{"version", version.version}, {"digest", version.digest}, {"documentVersion", version.label}};
}

// An entry in the chain of each environment that is touched: whoever reads one finds it.
std::vector<Entry> entries_of(const PolicyVersion& base, const PolicyVersion& next, const Json& patch,
                              const std::vector<EnvironmentName>& touched, const std::string& request_id) {
  Entry entry;
  entry.action = base.version == 0 ? "policy.seed" : "policy.update";
  entry.target = "policy";
  entry.name = "policies";
  entry.change_id = next.change_id;
  entry.actor = next.author;
  entry.request_id = request_id;
  if (base.version > 0) entry.before = identity_of(base);
  entry.after = identity_of(next);
  entry.after["patch"] = patch;
  if (touched.empty()) return {std::move(entry)};
  std::vector<Entry> entries;
  for (const EnvironmentName& env : touched) {
    entries.push_back(entry);
    entries.back().environment = env.str();
  }
  return entries;
}

std::vector<std::string> texts(const std::vector<EnvironmentName>& environments) {
  std::vector<std::string> names;
  for (const EnvironmentName& one : environments) names.push_back(one.str());
  return names;
}

}  // namespace

Result<PolicyVersion> ManagePolicies::version(std::int64_t version, Deadline deadline) {
  SLUICE_TRY(auto found, services_.ledger.find(version, deadline));
  if (!found) return errors::policy_version_not_found(version);
  return std::move(*found);
}

Result<PolicyVersion> ManagePolicies::in_force(Deadline deadline) {
  SLUICE_TRY(const std::int64_t newest, services_.ledger.newest(deadline));
  if (newest == 0) return errors::no_policies();
  return version(newest, deadline);
}

Result<std::vector<PolicyVersion>> ManagePolicies::history(std::int64_t before, int limit, Deadline deadline) {
  return services_.ledger.list(before, limit, deadline);
}

Result<Json> ManagePolicies::diff(std::int64_t from, std::int64_t to, Deadline deadline) {
  SLUICE_TRY(const PolicyVersion old_version, version(from, deadline));
  SLUICE_TRY(const PolicyVersion new_version, version(to, deadline));
  SLUICE_TRY(const ReadDocument before, services_.read(old_version.document));
  SLUICE_TRY(const ReadDocument after, services_.read(new_version.document));
  return Json{{"from", identity_of(old_version)},
              {"to", identity_of(new_version)},
              {"patch", Json::diff(before.json, after.json)}};
}

Result<ManagePolicies::Draft> ManagePolicies::draft(const std::string& document, Deadline deadline) {
  Draft draft;
  SLUICE_TRY(draft.after, services_.read(document));
  SLUICE_TRY(draft.base, in_force(deadline));
  SLUICE_TRY(ReadDocument before, services_.read(draft.base.document));
  draft.before = std::move(before.json);
  draft.document = document;
  const auto all = environments_of(draft.before, *draft.after.policies, services_.environments);
  draft.touched = touched_environments(draft.before, draft.after.json, all);
  std::copy_if(draft.touched.begin(), draft.touched.end(), std::back_inserter(draft.touched_protected),
               [&](const EnvironmentName& env) { return is_protected(env, services_.environments); });
  return draft;
}

Result<PolicyAnswer> ManagePolicies::put(const PolicyRequest& request, Deadline deadline) {
  SLUICE_TRY(const Draft changed, draft(request.document, deadline));
  if (!request.if_match) return errors::policy_precondition_required();
  if (*request.if_match != changed.base.version) return errors::policy_precondition_failed(changed.base.version);
  PolicyAnswer answer;
  if (changed.after.policies->digest == changed.base.digest) {
    answer.in_force = changed.base;
    return answer;
  }
  if (changed.touched_protected.empty()) {
    SLUICE_TRY(answer.in_force, commit(changed, request, std::nullopt, deadline));
    return answer;
  }
  if (request.approval_token.empty()) return propose(changed, request);
  SLUICE_TRY(const auto seen, services_.store.in_force(deadline));  // what the gate compares with
  SLUICE_TRY(const ApprovedChange approved, services_.approvals.by_token(request.approval_token, deadline));
  SLUICE_CHECK(check_approval(changed, approved));
  SLUICE_TRY(answer.in_force,
             commit(changed, request,
                    SpentApproval{approved.plan.change_id, approved.plan.revision, approved.plan.digest}, deadline));
  return answer;
}

// What is approved is this document after that version: the digest covers both.
Result<PolicyAnswer> ManagePolicies::propose(const Draft& draft, const PolicyRequest& request) {
  const domain::PolicySet& after = *draft.after.policies;
  const EnvironmentName& env = draft.touched_protected.front();
  PolicyAnswer answer;
  answer.change_id = domain::ChangeId(fmt::format("policies-{}", after.digest.substr(0, 16)));
  answer.touched = draft.touched_protected;
  SLUICE_TRY(const ReadDocument base, services_.read(draft.base.document));
  // The rules in force decide how many: a document can't lower its own hurdle.
  for (const EnvironmentName& one : draft.touched_protected) {
    const std::int64_t required = base.policies->approvals.required(one);
    answer.required_approvals = std::max(answer.required_approvals, required);
  }
  Json document{{"kind", kPoliciesPlan},
                {"env", env.str()},
                {"changeId", answer.change_id.str()},
                {"base", identity_of(draft.base)},
                {"policies", {{"digest", after.digest}, {"documentVersion", after.version}}},
                {"touched", texts(draft.touched_protected)},
                {"patch", Json::diff(draft.before, draft.after.json)},
                {"plan", Json::array()},
                {"violations", Json::array()}};
  answer.digest = json_digest(document);
  document["digest"] = answer.digest;
  const Json asked{{"document", draft.document}};
  domain::NewPlan plan;
  plan.change_id = answer.change_id;
  plan.environment = env;
  plan.requester = request.actor;
  plan.digest = answer.digest;
  plan.document = document.dump();
  plan.created_at = services_.clock.now();
  plan.kind = kPoliciesPlan;
  plan.policy_version = base.policies->version;
  plan.policy_digest = draft.base.digest;
  plan.batch = canonical_json(asked);
  plan.batch_digest = json_digest(asked);
  plan.required_approvals = answer.required_approvals;
  plan.news = plan_news(document);
  SLUICE_TRY(answer.revision, services_.plans.append(plan));
  return answer;
}

Status ManagePolicies::check_approval(const Draft& draft, const ApprovedChange& approved) const {
  if (approved.plan.kind != kPoliciesPlan) return errors::not_a_policy_change();
  if (approved.execution_started || !approved.current) return errors::another_document_approved();
  const Json document = Json::parse(approved.plan.document, nullptr, false);  // our own text: propose()
  const bool same = document.is_object() && document["policies"]["digest"] == draft.after.policies->digest;
  if (!same) return errors::another_document_approved();
  if (document["base"]["version"] != draft.base.version) return errors::policy_precondition_failed(draft.base.version);
  return {};
}

Result<PolicyVersion> ManagePolicies::apply(const domain::ChangeId& change, const PolicyRequest& request,
                                            Deadline deadline) {
  SLUICE_TRY(const auto seen, services_.store.in_force(deadline));
  SLUICE_TRY(const ApprovedChange approved, request.approval_token.empty()
                                                ? services_.approvals.by_change(change, deadline)
                                                : services_.approvals.by_token(request.approval_token, deadline));
  if (approved.plan.kind != kPoliciesPlan || approved.plan.change_id != change) return errors::not_a_policy_change();
  const Json asked = Json::parse(approved.plan.batch, nullptr, false);  // our own text: propose()
  if (!asked.is_object() || !asked.contains("document")) return errors::not_a_policy_change();
  SLUICE_TRY(const Draft changed, draft(asked["document"].get<std::string>(), deadline));
  SLUICE_CHECK(check_approval(changed, approved));
  return commit(changed, request, SpentApproval{change, approved.plan.revision, approved.plan.digest}, deadline);
}

Result<PolicyVersion> ManagePolicies::commit(const Draft& draft, const PolicyRequest& request,
                                             const std::optional<SpentApproval>& approval, Deadline deadline) {
  PolicyVersion next;
  next.version = draft.base.version + 1;
  next.digest = draft.after.policies->digest;
  next.label = draft.after.policies->version;
  next.document = draft.document;
  next.author = request.actor;
  next.change_id = approval ? approval->change_id.str() : "";
  next.created_at = services_.clock.now();
  const Json patch = Json::diff(draft.before, draft.after.json);
  const auto entries = entries_of(draft.base, next, patch, draft.touched, request.request_id);
  SLUICE_CHECK(services_.ledger.append(next, approval, entries, deadline));
  return next;
}

Status ManagePolicies::seed(const std::string& document, Deadline deadline) {
  SLUICE_TRY(const std::int64_t newest, services_.ledger.newest(deadline));
  if (newest > 0) return {};
  SLUICE_TRY(const ReadDocument read, services_.read(document));
  PolicyVersion first{1, read.policies->digest, read.policies->version, document, kBootstrap, "", services_.clock.now()};
  const auto entries = entries_of({}, first, Json::array(), read.policies->environments, "");
  const Status stored = services_.ledger.append(first, std::nullopt, entries, deadline);
  const bool somebody_else = !stored && stored.error().code == "policy.version-taken";
  return somebody_else ? Status() : stored;
}

}  // namespace sluice::governance::application
