#include "governance/application/drift/check_drift.h"

#include <set>

#include "governance/application/catalogue/estate.h"
#include "governance/application/errors.h"
#include "governance/domain/plan/item_calls.h"
#include "platform/core/canonical_json.h"

namespace sluice::governance::application {
namespace {

using domain::Declaration;
using domain::TopicName;
using Declarations = std::map<TopicName, Declaration>;

std::vector<TopicName> names_of(const Declarations& declared) {
  std::vector<TopicName> names;
  names.reserve(declared.size());
  for (const auto& [name, declaration] : declared) names.push_back(name);
  return names;
}

void compare(const Declaration& declared, const domain::ClusterState& state, bool undeclared, DriftReport& report) {
  const auto found = state.topics.find(declared.name);
  const domain::LiveTopic* live = found == state.topics.end() ? nullptr : &found->second;
  if (auto drift = domain::drift_of(declared, live)) report.drifted.push_back(std::move(*drift));
  if (!undeclared || !live) return;
  auto settings = domain::undeclared_settings(declared, *live);
  if (!settings.empty()) report.undeclared.push_back({declared.name, std::move(settings)});
}

Json field_to_json(const domain::DriftedField& field) {
  return {{"field", field.field},
          {"declared", field.declared ? Json(*field.declared) : Json()},
          {"live", field.live ? Json(*field.live) : Json()},
          {"liveSource", domain::to_string(field.live_source)}};
}

Json fields_to_json(const std::vector<domain::DriftedField>& fields) {
  Json json = Json::array();
  for (const auto& field : fields) json.push_back(field_to_json(field));
  return json;
}

Json drifted_to_json(const DriftReport& report) {
  Json drifted = Json::array();
  for (const domain::TopicDrift& drift : report.drifted) {
    drifted.push_back({{"name", drift.name.str()},
                       {"kind", domain::to_string(drift.kind)},
                       {"fields", fields_to_json(drift.fields)},
                       {"changeId", drift.change_id.str()},
                       {"revision", drift.revision}});
  }
  return drifted;
}

}  // namespace

Json drift_to_json(const DriftReport& report) {
  Json json = json_object(7);
  json["env"] = report.environment.str();
  json["checkedAt"] = format_rfc3339(report.checked_at);
  json["declared"] = report.declared;
  json["drifted"] = drifted_to_json(report);
  json["digest"] = json_digest(json["drifted"]);
  if (!report.unmanaged.empty()) {
    Json& names = json["unmanaged"] = Json::array();
    for (const TopicName& name : report.unmanaged) names.push_back(name.str());
  }
  if (!report.undeclared.empty()) {
    Json& undeclared = json["undeclared"] = Json::array();
    for (const Undeclared& topic : report.undeclared) {
      undeclared.push_back({{"name", topic.name.str()}, {"settings", fields_to_json(topic.settings)}});
    }
  }
  return json;
}

std::string drift_digest(const DriftReport& report) { return json_digest(drifted_to_json(report)); }

Result<DriftReport> CheckDrift::check(const DriftQuestion& question, Deadline deadline, const std::stop_token& stop) {
  SLUICE_TRY(const GovernedEnvironment* environment, environments_.find(question.environment));
  DriftReport report;
  report.environment = question.environment;
  report.checked_at = clock_.now();
  SLUICE_TRY(const Declarations declared, catalogue_.declarations(question.environment, deadline));
  report.declared = declared.size();
  SLUICE_CHECK(read_estate(*environment, names_of(declared), deadline,
                           [&](std::span<const TopicName> names, const domain::ClusterState& state) -> Status {
                             for (const TopicName& name : names) {
                               compare(declared.at(name), state, question.unmanaged, report);
                             }
                             return {};
                           },
                           stop));
  SLUICE_CHECK(confirm_missing(*environment, report, deadline));
  if (question.unmanaged) SLUICE_CHECK(add_unmanaged(*environment, declared, report, deadline));
  return report;
}

Status CheckDrift::confirm_missing(const GovernedEnvironment& environment, DriftReport& report, Deadline deadline) {
  domain::Probes probes;
  for (const domain::TopicDrift& drift : report.drifted) {
    if (drift.kind == domain::DriftKind::kMissing) probes.creates.push_back(domain::existence_of(drift.name));
  }
  if (probes.creates.empty()) return {};
  SLUICE_TRY(const auto verdicts, environment.cluster->validate(probes, deadline));
  std::set<TopicName> there;
  for (const domain::BrokerVerdict& verdict : verdicts) {
    const auto exists = domain::existence_in(verdict);
    if (!exists) return errors::existence_unknown(verdict);
    if (*exists) there.insert(verdict.name);
  }
  std::erase_if(report.drifted, [&](const domain::TopicDrift& drift) {
    return drift.kind == domain::DriftKind::kMissing && there.contains(drift.name);
  });
  return {};
}

Status CheckDrift::add_unmanaged(const GovernedEnvironment& environment, const Declarations& declared,
                                 DriftReport& report, Deadline deadline) {
  const auto policies = policies_.current();
  SLUICE_TRY(auto names, list_estate(environment, policies->environments, deadline));
  std::erase_if(names, [&](const TopicName& name) { return declared.contains(name) || name.view().starts_with("__"); });
  report.unmanaged = std::move(names);
  return {};
}

}  // namespace sluice::governance::application
