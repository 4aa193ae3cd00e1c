// Liveness, readiness, metrics: answered on the I/O thread from memory, whatever hangs elsewhere.
#pragma once

#include "platform/http/message.h"
#include "platform/metrics/registry.h"
#include "platform/tasks/health.h"

namespace sluice {

http::Route live_route();
http::Route ready_route(const tasks::Health& health);
http::Route metrics_route(const metrics::Registry& registry, http::Access access);

}  // namespace sluice
