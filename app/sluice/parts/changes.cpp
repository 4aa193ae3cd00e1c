#include "sluice/parts/changes.h"

#include "governance/interface/changes/change_routes.h"

namespace sluice::parts {

Changes::Changes(const Foundation& foundation, const Ports& ports)
    : logger_(foundation.logger.module("governance")),
      plans_(foundation.database),
      changes_(foundation.database, ports.trail, ports.queue),
      seal_(ports.keys),
      gate_(changes_, plans_, ports.policies, seal_, foundation.clock),
      decisions_({changes_, ports.policies, seal_, ports.trail, foundation.ids, foundation.clock}),
      stories_(changes_, plans_, ports.executions, foundation.clock) {}

void Changes::add_routes(http::Router& router) {
  router.add(governance::interface::change_routes({decisions_, stories_, logger_}));
}

}  // namespace sluice::parts
