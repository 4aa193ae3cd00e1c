// GET /v1/audits: the trail in pages, and as CSV or JSON Lines of any length.
#pragma once

#include <vector>

#include "audit/domain/repository/record_repository.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"

namespace sluice::audit::interface {

// `records` must outlive the routes.
std::vector<http::Route> audit_routes(domain::RecordRepository& records, log::Logger logger);

}  // namespace sluice::audit::interface
