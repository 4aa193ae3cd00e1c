// Host names to addresses, with a deadline.
#pragma once

#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice {

bool is_ip_address(const std::string& host);

// The addresses of a host: itself if it is one. Names are looked up on another thread, as getaddrinfo
// knows no deadline; at most eight such lookups run at a time. kUnavailable (network.unresolved)
// with the resolver's reason, which does not repeat the host.
Result<std::vector<std::string>> resolve_host(const std::string& host, Deadline deadline);

}  // namespace sluice
