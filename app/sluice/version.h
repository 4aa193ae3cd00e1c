// What this binary is. The values come from the build.
#pragma once

#include <string>

namespace sluice {

std::string version_string();    // "0.1.0"
std::string build_description(); // "0.1.0 (Release, g++ 12.2.0, librdkafka 2.8.0, …)"

}  // namespace sluice
