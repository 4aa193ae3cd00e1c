#include "sluice/parts/rollback.h"

#include "governance/interface/rollback/rollback_routes.h"

namespace sluice::parts {

void Rollback::add_routes(http::Router& router) { router.add(governance::interface::rollback_routes(rollback_)); }

}  // namespace sluice::parts
