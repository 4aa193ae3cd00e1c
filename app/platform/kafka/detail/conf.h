#pragma once

#include <vector>

#include "platform/kafka/client_config.h"
#include "platform/kafka/detail/handles.h"

namespace sluice::kafka::detail {

// Our defaults, then `properties`; every wrong one of them is a problem of the one error.
Result<ConfHandle> make_conf(ClientKind kind, const Properties& properties);

Error config_error(std::vector<Problem> problems);  // at least one

}  // namespace sluice::kafka::detail
