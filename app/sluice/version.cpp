#include "sluice/version.h"

#include <fmt/format.h>

#include "sluice/build_info.h"

namespace sluice {

std::string version_string() { return SLUICE_VERSION; }

std::string build_description() {
  return fmt::format("sluice {} ({}, {}, librdkafka {})", SLUICE_VERSION, SLUICE_BUILD_TYPE, SLUICE_COMPILER,
                     SLUICE_RDKAFKA_VERSION);
}

}  // namespace sluice
