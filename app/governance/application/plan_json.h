// A plan as the document that is stored, digested and shown: the shape of the dry-run's answer
// (env, changeId, plan[{name, action, diff, changes, …}], violations[{name, rule, message, …}]).
#pragma once

#include "governance/domain/plan/plan.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

// Members in a fixed order; the same plan gives the same bytes.
Json plan_to_json(const domain::Plan& plan);
// Of what plan_to_json gives.
std::string plan_digest(const domain::Plan& plan);
Json violation_to_json(const domain::Violation& violation);
// {partitions, replicationFactor, configs{key: value, or null where the broker's is to hold}}, without
// what is not said.
Json state_to_json(const domain::IntendedState& state);
Json metadata_to_json(const domain::TopicMetadata& metadata);
// {exists, topicId, partitions, replicationFactor, configs{key: {value, source}}}
Json fingerprint_to_json(const domain::LiveFingerprint& live);

}  // namespace sluice::governance::application
