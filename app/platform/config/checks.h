// What no key can know alone: rules over the whole configuration.
#pragma once

#include <vector>

#include "platform/config/config.h"
#include "platform/config/given.h"

namespace sluice::config {

void check_together(const Config& config, const GivenValues& given, std::vector<Problem>& problems);

}  // namespace sluice::config
