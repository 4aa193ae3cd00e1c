// The rules on the real tree. What fails here names the file, the line and what to do instead.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "architecture/rules.h"

namespace sluice::architecture {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SLUICE_SOURCE_DIR;

std::string read(const fs::path& file) {
  const std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// What belongs to the repository: no build output, no local state, no tool's own folder.
bool is_foreign(const fs::path& folder) {
  const auto name = folder.filename().string();
  return (name.starts_with('.') && name != ".ci") || name == "build" || name == "__pycache__" ||
         name == "node_modules" || name == "target";
}

std::vector<fs::path> files_under(const fs::path& folder) {
  std::vector<fs::path> found;
  for (auto it = fs::recursive_directory_iterator(folder); it != fs::recursive_directory_iterator();
       ++it) {
    if (it->is_directory() && is_foreign(it->path())) {
      it.disable_recursion_pending();
    } else if (it->is_regular_file() && it->path().filename() != ".git") {
      found.push_back(it->path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string path_from_root(const fs::path& file) {
  return file.lexically_relative(kRoot).generic_string();
}

// planted/ holds the violations that the other two rings must refuse.
bool is_source(const fs::path& file) {
  return (file.extension() == ".h" || file.extension() == ".cpp") &&
         file.parent_path().filename() != "planted";
}

std::vector<Source> sources() {
  std::vector<Source> found;
  for (const auto* folder : {"app", "tests", "bench"}) {
    for (const auto& file : files_under(kRoot / folder)) {
      if (is_source(file)) found.push_back(make_source(path_from_root(file), read(file)));
    }
  }
  return found;
}

Table table() { return load_table(kRoot / "tests/architecture/dependencies.txt"); }

void expect_none(const std::vector<Finding>& findings) {
  for (const auto& finding : findings) ADD_FAILURE() << to_string(finding);
}

TEST(Tree, EverySourceKeepsTheRules) {
  const auto rules = table();
  const auto all = sources();
  ASSERT_GT(all.size(), 30U) << "looked in the wrong place: " << kRoot;
  for (const auto& source : all) expect_none(check_source(rules, source));
}

TEST(Tree, HasNoIncludeCycle) { expect_none(check_cycles(sources())); }

TEST(Tree, LinksOnlyWhatTheTableAllows) {
  const auto rules = table();
  for (const auto& file : files_under(kRoot / "app")) {
    if (file.filename() == "CMakeLists.txt")
      expect_none(check_links(rules, path_from_root(file), read(file)));
  }
}

TEST(Tree, TableHasNoEdgeBothWays) { expect_none(check_table(table())); }

// A place that an entry allows but that is gone is a hole for whoever takes the name next.
TEST(Tree, TableNamesOnlyPlacesThatExist) {
  const auto rules = table();
  const auto all = sources();
  auto restrictions = rules.headers;
  restrictions.insert(restrictions.end(), rules.tokens.begin(), rules.tokens.end());
  for (const auto& restriction : restrictions) {
    for (const auto& place : restriction.places) {
      const bool exists = place == "*" || place == "tests" ||
                          std::any_of(all.begin(), all.end(), [&place](const Source& source) {
                            return source.path.starts_with(place);
                          });
      EXPECT_TRUE(exists) << "dependencies.txt allows " << restriction.what << " in " << place
                          << ", which does not exist";
    }
  }
}

TEST(Tree, NamesNoMachineAndNoRegistry) {
  for (const auto& file : files_under(kRoot)) {
    if (fs::file_size(file) < 4U << 20U)
      expect_none(check_portable(path_from_root(file), read(file)));
  }
}

}  // namespace
}  // namespace sluice::architecture
