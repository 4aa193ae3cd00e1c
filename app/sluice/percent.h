// Values for a query string.
#pragma once

#include <string>
#include <string_view>

namespace sluice::cli {

// Everything but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace sluice::cli
