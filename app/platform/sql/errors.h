// The errors that both adapters share; codes are listed at sql::Database.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/error.h"

namespace sluice::sql::errors {

Error unique_violation(std::string message);
Error constraint_violation(std::string message);
Error invalid_value(std::string message);
Error conflict(std::string message);
Error timeout(std::string_view what);  // "waiting for a connection"
Error unavailable(std::string message, std::string fix);
Error commit_unknown(std::string_view reason);
Error statement(std::string message);
Error wrong_type(std::string message);
Error schema_busy();  // migrate.busy

}  // namespace sluice::sql::errors
