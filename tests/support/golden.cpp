#include "support/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace sluice::test {

void expect_golden(const std::string& file, const std::string& actual) {
  if (std::getenv("SLUICE_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream out(file, std::ios::binary);
    out << actual;
    ASSERT_TRUE(out.flush()) << file << " can't be written";
    return;
  }
  std::ifstream in(file, std::ios::binary);
  ASSERT_TRUE(in.is_open()) << file << " is missing; SLUICE_UPDATE_GOLDEN=1 writes it";
  std::stringstream expected;
  expected << in.rdbuf();
  EXPECT_EQ(actual, expected.str()) << "SLUICE_UPDATE_GOLDEN=1 rewrites " << file;
}

}  // namespace sluice::test
