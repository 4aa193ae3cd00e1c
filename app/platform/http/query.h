// Values of a query string, read strictly.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "platform/core/result.h"
#include "platform/http/message.h"

namespace sluice::http {

// request.invalid (kInvalid) about one parameter.
Error wrong_query(std::string_view name, std::string message, std::string fix = "Leave it out.");
Result<int> limit_of(const Request& request, int usual, int most);     // `limit`
Result<bool> flag_of(const Request& request, std::string_view name);   // "true" or "false"; absent is false
std::string text_of(const Request& request, std::string_view name);    // empty when absent

// A misspelt filter must not look like a question about everything.
Status known_only(const Request& request, std::initializer_list<std::string_view> names);

}  // namespace sluice::http
