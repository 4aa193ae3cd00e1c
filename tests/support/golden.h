// Compares what a user would see with a file under version control. SLUICE_UPDATE_GOLDEN=1 rewrites
// the file instead; the reader of the diff decides whether the new text is right.
#pragma once

#include <string>

namespace sluice::test {

// `file` is relative to the repository. Fails the running test with both texts when they differ.
void expect_golden(const std::string& file, const std::string& actual);

}  // namespace sluice::test
