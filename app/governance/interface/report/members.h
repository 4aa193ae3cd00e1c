// Members of the server's answers, as the reports read them: what is not there, or not of its type, is
// empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/json.h"

namespace sluice::governance::interface {

std::string text_of(const Json& object, std::string_view name);
std::optional<std::int64_t> number_of(const Json& object, std::string_view name);
const Json& list_of(const Json& object, std::string_view name);  // an empty list where there is none

}  // namespace sluice::governance::interface
