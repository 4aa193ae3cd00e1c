// What Prometheus' client libraries say about their own process, under the same names:
// process_resident_memory_bytes, process_cpu_seconds_total, process_open_fds and
// process_start_time_seconds. Read from /proc at every scrape.
#pragma once

#include "platform/core/clock.h"
#include "platform/metrics/registry.h"

namespace sluice::metrics {

// Once for a registry.
void register_process_metrics(Registry& registry, TimePoint process_start);

}  // namespace sluice::metrics
