#include "support/servers.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace sluice::test {
namespace {

constexpr std::string_view kHowToStart =
    "run this test through ctest, or start the servers by hand:\n"
    "  scripts/test-servers start /tmp/servers postgres kafka kafka3\n"
    "  export SLUICE_TEST_ENV=/tmp/servers/env";

}  // namespace

std::string test_server(std::string_view key) {
  const char* path = std::getenv("SLUICE_TEST_ENV");
  if (path == nullptr) {
    throw std::runtime_error(fmt::format("SLUICE_TEST_ENV is not set: {}", kHowToStart));
  }
  std::ifstream file(path);
  const std::string prefix = fmt::format("{}=", key);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(prefix)) {
      return line.substr(prefix.size());
    }
  }
  throw std::runtime_error(fmt::format("{} has no {}: {}", path, key, kHowToStart));
}

}  // namespace sluice::test
