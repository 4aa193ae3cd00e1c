#include "platform/auth/jwks_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "platform/auth/signer_for_test.h"

namespace sluice::auth {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class JwksFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "jwks-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    path_ = folder_ / "keys.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // As configuration tools do it: a new file in the old one's place.
  void write(const std::string& text) {
    const auto next = folder_ / "next";
    std::ofstream(next) << text;
    std::filesystem::rename(next, path_);
  }
  static std::string keys(std::initializer_list<const char*> kids) {
    static const auto signer = SignerForTest::ed25519();
    Json list = Json::array();
    for (const char* kid : kids) list.push_back(signer.public_jwk(kid));
    return Json{{"keys", list}}.dump();
  }
  Result<std::unique_ptr<JwksFile>> open() {
    return JwksFile::open(path_, clock_,
                          [this](const Error& error) { errors_.push_back(error.message); });
  }

  ManualClock clock_{TimePoint{seconds{1'700'000'000}}};
  std::filesystem::path folder_;
  std::filesystem::path path_;
  std::vector<std::string> errors_;
};

TEST_F(JwksFileTest, SeesAChangeAfterASecondAndNotBefore) {
  write(keys({"a"}));
  const auto file = open();
  ASSERT_TRUE(file) << file.error().describe();
  write(keys({"a", "b"}));
  clock_.advance(milliseconds{999});
  EXPECT_EQ((*file)->keys()->size(), 1U);
  clock_.advance(milliseconds{1});
  EXPECT_EQ((*file)->keys()->size(), 2U);
}

TEST_F(JwksFileTest, LooksAgainWhenTheClockWasSetBack) {
  write(keys({"a"}));
  const auto file = open();
  write(keys({"a", "b"}));
  clock_.advance(-std::chrono::hours{1});
  EXPECT_EQ((*file)->keys()->size(), 2U);
}

TEST_F(JwksFileTest, KeepsTheLastGoodKeysAndReportsEachBadStateOnce) {
  write(keys({"a"}));
  const auto file = open();
  write("{");
  for (int i = 0; i < 3; ++i) {
    clock_.advance(seconds{1});
    EXPECT_EQ((*file)->keys()->size(), 1U);
  }
  EXPECT_EQ(errors_.size(), 1U);
  std::filesystem::remove(path_);
  for (int i = 0; i < 3; ++i) {
    clock_.advance(seconds{1});
    EXPECT_EQ((*file)->keys()->size(), 1U);
  }
  EXPECT_EQ(errors_.size(), 2U);
  write(keys({"a", "b"}));
  clock_.advance(seconds{1});
  EXPECT_EQ((*file)->keys()->size(), 2U);
  EXPECT_EQ(errors_.size(), 2U);
}

TEST_F(JwksFileTest, OpensOnlyWhatCanBeUsed) {
  EXPECT_FALSE(open()) << "there is none";
  write("");
  EXPECT_FALSE(open());
  write(keys({"a"}) + std::string(1'048'576, ' '));
  EXPECT_FALSE(open()) << "too large";
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_FALSE(open()) << "a folder";
}

}  // namespace
}  // namespace sluice::auth
