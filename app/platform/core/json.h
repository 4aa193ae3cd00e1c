// The JSON value of the whole program: keeps the order in which members were added, so that what a
// user sees reads as it was written. Parsing input from outside is platform/text's business only.
#pragma once

#include <nlohmann/json.hpp>

namespace sluice {
using Json = nlohmann::ordered_json;
}  // namespace sluice
