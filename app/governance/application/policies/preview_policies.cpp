#include "governance/application/policies/preview_policies.h"

#include <fmt/format.h>

#include <algorithm>

#include "governance/application/plan_document.h"
#include "governance/application/policies/comparison.h"
#include "governance/application/policies/kept_state.h"
#include "governance/domain/plan/planner.h"
#include "governance/domain/policy/estate.h"

namespace sluice::governance::application {
namespace {

using domain::PolicySet;
using domain::Violation;

constexpr std::chrono::days kLookBack{90};
constexpr int kMaxPlans = 2000;
constexpr std::size_t kTopicsAtOnce = 500;
constexpr std::size_t kMaxListed = 1000;

// Several environments can share a cluster: names of another one are not this one's.
std::vector<domain::TopicName> own_names(std::vector<domain::TopicName> names, const domain::EnvironmentName& env,
                                         const PolicySet& policies) {
  std::erase_if(names, [&](const domain::TopicName& name) {
    const auto prefix = domain::environment_prefix(name.view(), policies.environments);
    return !prefix.empty() && prefix != env.view();
  });
  return names;
}

std::vector<Violation> judgeable(std::vector<Violation> violations, const NotKept& unknown) {
  std::erase_if(violations, [&](const Violation& one) { return unknown.contains({one.rule, one.name.str()}); });
  return violations;
}

Json not_judged_json(const domain::NotJudged& not_judged) {
  Json list = Json::array();
  for (const auto& [rule_and_reason, topics] : not_judged) {
    list.push_back({{"rule", rule_and_reason.first}, {"topics", topics}, {"why", rule_and_reason.second}});
  }
  return list;
}

void say_not_judged(Json& list, const Json& origin, std::string why) {
  if (list.size() == kMaxListed) return;
  Json one = origin;
  one["why"] = std::move(why);
  list.push_back(std::move(one));
}

}  // namespace

Result<Json> PreviewPolicies::preview(const std::string& document, Deadline deadline) {
  SLUICE_TRY(const ReadDocument after, services_.read(document));
  SLUICE_TRY(const auto before, services_.store.in_force(deadline));
  Json estate = Json::array();
  for (const GovernedEnvironment& environment : services_.environments.all()) {
    estate.push_back(estate_of(environment, *before, *after.policies, deadline));
  }
  SLUICE_TRY(Json plans, plans_of(*before, *after.policies, deadline));
  return Json{{"policies", {{"from", before->digest}, {"to", after.policies->digest}}},
              {"estate", std::move(estate)},
              {"plans", std::move(plans)}};
}

// A cluster that does not answer is told of, and the others are previewed all the same.
Json PreviewPolicies::estate_of(const GovernedEnvironment& environment, const PolicySet& before,
                                const PolicySet& after, Deadline deadline) {
  Json json{{"env", environment.name.str()}};
  const auto unavailable = [&](const Error& error) {
    json["unavailable"] = error.describe();
    return json;
  };
  const auto names = services_.list_topics(environment, deadline);
  if (!names) return unavailable(names.error());
  const auto own = own_names(*names, environment.name, after);
  Comparison comparison;
  domain::NotJudged not_judged;
  const TimePoint now = services_.clock.now();
  for (std::size_t first = 0; first < own.size(); first += kTopicsAtOnce) {
    const auto some = std::span(own).subspan(first, std::min(kTopicsAtOnce, own.size() - first));
    auto state = read_state(environment, some, deadline);
    if (!state) return unavailable(state.error());
    auto declared = services_.records.metadata_of(environment.name, some, deadline);
    if (!declared) return unavailable(declared.error());
    state->declared = std::move(*declared);
    const auto verdict = domain::judge_estate(environment.name, *state, after, now);
    comparison.add(domain::judge_estate(environment.name, *state, before, now).violations, verdict.violations,
                   Json::object());
    for (const auto& [rule_and_reason, topics] : verdict.not_judged) not_judged[rule_and_reason] += topics;
  }
  json["topics"] = own.size();
  json["notJudged"] = not_judged_json(not_judged);
  comparison.write(json);
  return json;
}

Result<Json> PreviewPolicies::plans_of(const PolicySet& before, const PolicySet& after, Deadline deadline) {
  const TimePoint now = services_.clock.now();
  SLUICE_TRY(const auto plans, services_.plans.since(now - kLookBack, kMaxPlans, deadline));
  Comparison comparison;
  Json not_judged = Json::array();
  std::size_t judged = 0;
  for (const domain::StoredPlan& plan : plans) {
    const Json origin{{"changeId", plan.change_id.str()}, {"revision", plan.revision}};
    const auto batch = services_.read_batch(plan.batch, after.environments);
    const auto items = planned_items(Json::parse(plan.document, nullptr, false));  // our own text
    if (!batch || !items) {
      say_not_judged(not_judged, origin, "its batch was not kept in a form that can be read now");
      continue;
    }
    const auto state = kept_state(*items);
    auto unknown = not_kept(after, *batch, *items, state, now);
    unknown.merge(not_kept(before, *batch, *items, state, now));
    for (const auto& [where, what] : unknown) {
      say_not_judged(not_judged, origin, fmt::format("{} on {}: {} was not kept", where.first, where.second, what));
    }
    comparison.add(judgeable(domain::make_plan(*batch, state, before, now).violations, unknown),
                   judgeable(domain::make_plan(*batch, state, after, now).violations, unknown), origin);
    ++judged;
  }
  Json json{{"since", format_rfc3339(now - kLookBack)}, {"judged", judged}, {"notJudged", std::move(not_judged)}};
  comparison.write(json);
  return json;
}

}  // namespace sluice::governance::application
