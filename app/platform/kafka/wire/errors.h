// Errors of our own connections, with the codes that librdkafka's carry. Before the whole request
// has left, nothing can have happened (unreachable); afterwards it may have (lost, timeout).
#pragma once

#include <string>
#include <string_view>

#include "platform/core/error.h"

namespace sluice::kafka::wire::errors {

Error unreachable(std::string_view broker, std::string_view why);
Error connection_lost(std::string_view broker, std::string_view why);
Error timeout(std::string_view broker);
Error tls(std::string_view why);
Error config(std::string_view property, std::string_view why);
Error authentication(std::string_view why);

}  // namespace sluice::kafka::wire::errors
