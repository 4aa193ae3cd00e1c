// What can stand in the way of an apply, each told once.
#pragma once

#include <string>
#include <vector>

#include "governance/domain/apply/decide.h"
#include "governance/domain/plan/plan.h"
#include "governance/domain/policy/policy.h"
#include "platform/core/error.h"

namespace sluice::governance::application::errors {

// 409
Error plan_stale(const domain::TopicName& topic, const domain::StaleField& field);
Error plan_changed(const domain::TopicName& topic);
Error not_topics(const domain::ChangeId& change);
Error policies_changed(const std::string& approved, const std::string& in_force);
Error other_cluster(const std::string& approved, const std::string& found);
Error mode_forbids(std::string_view mode, const std::vector<domain::TopicName>& topics);
Error in_progress(const domain::ChangeId& change);
Error conflict(const std::string& topic, const std::string& holder);
Error lease_lost(const std::string& execution);
Error not_approved(const domain::ChangeId& change);
Error other_document(const domain::ChangeId& change);
Error token_of_another(const domain::ChangeId& change);
// 422
Error violations(const domain::Plan& plan);
// 503
Error busy();
Error interrupted(const domain::ChangeId& change, const Error& cause);
// 500
Error tampered(const domain::ChangeId& change);

}  // namespace sluice::governance::application::errors
