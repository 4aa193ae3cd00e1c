// The REST face of changes: their stories, and the decisions about them.
#pragma once

#include <vector>

#include "governance/application/changes/decide_change.h"
#include "governance/application/changes/show_changes.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct ChangeRoutesServices {
  application::DecideChange& decisions;
  application::ShowChanges& changes;
  log::Logger logger;
};

std::vector<http::Route> change_routes(const ChangeRoutesServices& services);

}  // namespace sluice::governance::interface
