// Values of a query string, read strictly.
#pragma once

#include <string>
#include <string_view>

#include "governance/domain/topic/names.h"
#include "platform/core/result.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

// request.invalid (kInvalid) about one parameter.
Error wrong_query(std::string_view name, std::string message, std::string fix);
Result<int> limit_of(const http::Request& request, int usual, int most);
Result<bool> flag_of(const http::Request& request, std::string_view name);  // "true" or "false"; absent is false
Result<domain::EnvironmentName> environment_of(const http::Request& request);  // `env`, which must be there
std::string text_of(const http::Request& request, std::string_view name);      // empty when absent

}  // namespace sluice::governance::interface
