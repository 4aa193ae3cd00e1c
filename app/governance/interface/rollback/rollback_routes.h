// The REST face of rollback.
#pragma once

#include <vector>

#include "governance/application/rollback/plan_rollback.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

// `rollback` must outlive the routes.
std::vector<http::Route> rollback_routes(application::PlanRollback& rollback);

}  // namespace sluice::governance::interface
