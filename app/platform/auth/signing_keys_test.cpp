#include "platform/auth/signing_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "platform/auth/signer_for_test.h"

namespace sluice::auth {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

class SigningKeysTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "keys-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    folder_ = root_ / "state" / "keys";
  }
  void TearDown() override { fs::remove_all(root_); }

  std::string generate() {
    clock_.advance(seconds{1});
    const auto id = generate_signing_key(folder_.string(), clock_);
    EXPECT_TRUE(id) << id.error().describe();
    return id ? *id : "";
  }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / name) << text;
  }
  std::string file(const std::string& name) {
    std::ifstream in(folder_ / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::string why_not_signed() const {
    const auto signature = SigningKeys(folder_.string(), clock_).sign("text");
    return signature ? "" : signature.error().code + ": " + signature.error().message;
  }

  ManualClock clock_{TimePoint{seconds{1'700'000'000}}};
  fs::path root_;
  fs::path folder_;
};

TEST_F(SigningKeysTest, TheNewestSignsAndOldSignaturesStillCount_G2) {
  const std::string first = generate();
  const SigningKeys keys(folder_.string(), clock_);
  const auto old = keys.sign("an approval");
  ASSERT_TRUE(old) << old.error().describe();
  EXPECT_EQ(old->key_id, first);
  const std::string second = generate();
  const auto fresh = keys.sign("an approval");
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->key_id, second);
  EXPECT_TRUE(keys.verify("an approval", *old));
  EXPECT_TRUE(keys.verify("an approval", *fresh));
  const auto list = keys.list();
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->front().id, second);
  EXPECT_TRUE(list->front().signs);
  EXPECT_FALSE(list->back().signs);
}

TEST_F(SigningKeysTest, ARetiredKeyVerifiesByItsPublicHalf) {
  const auto retired = SignerForTest::ed25519();
  generate();
  write("2020-old.pub.pem", retired.public_pem());
  const SigningKeys keys(folder_.string(), clock_);
  EXPECT_TRUE(keys.verify("text", {"2020-old", retired.sign("text")}));
  EXPECT_NE(keys.sign("text")->key_id, "2020-old");
}

TEST_F(SigningKeysTest, EveryAlteredByteIsRefused) {
  generate();
  const SigningKeys keys(folder_.string(), clock_);
  const Signature good = *keys.sign("an approval");
  for (std::size_t i = 0; i < good.bytes.size(); ++i) {
    Signature bad = good;
    bad.bytes[i] = static_cast<char>(bad.bytes[i] ^ 1);
    EXPECT_EQ(keys.verify("an approval", bad).error().code, "signature.invalid") << i;
  }
  EXPECT_EQ(keys.verify("an approvaL", good).error().code, "signature.invalid");
  EXPECT_EQ(keys.verify("an approval", {good.key_id, ""}).error().code, "signature.invalid");
  EXPECT_EQ(keys.verify("an approval", {"other", good.bytes}).error().code, "signature.unknown-key");
  EXPECT_EQ(keys.verify("an approval", {"", good.bytes}).error().kind, ErrorKind::kUnauthenticated);
}

TEST_F(SigningKeysTest, AnyoneVerifiesWithThePublishedKeysAlone) {
  generate();
  const SigningKeys keys(folder_.string(), clock_);
  const Signature signature = *keys.sign("an approval");
  const Json published = Json::parse(keys.public_keys()->dump());
  EXPECT_EQ(published.dump().find("\"d\""), std::string::npos);  // no private half
  EXPECT_TRUE(verify_with_jwks(published, "an approval", signature));
  EXPECT_FALSE(verify_with_jwks(published, "an approval!", signature));
  EXPECT_FALSE(verify_with_jwks(Json{{"keys", Json::array()}}, "an approval", signature));
  EXPECT_FALSE(verify_with_jwks(Json(7), "an approval", signature));
}

TEST_F(SigningKeysTest, FilesAreForTheirOwnerOnly) {
  const std::string id = generate();
  struct stat folder {};
  struct stat key {};
  ASSERT_EQ(stat(folder_.c_str(), &folder), 0);
  ASSERT_EQ(stat((folder_ / (id + ".pem")).c_str(), &key), 0);
  EXPECT_EQ(folder.st_mode & 0777U, 0700U);
  EXPECT_EQ(key.st_mode & 0777U, 0600U);
}

TEST_F(SigningKeysTest, TellsAtEachUseWhatIsWrongWithTheFolder) {
  EXPECT_TRUE(has_no_signing_key(folder_.string()));
  EXPECT_NE(why_not_signed().find("keys.missing: "), std::string::npos);
  fs::create_directories(folder_);
  EXPECT_TRUE(has_no_signing_key(folder_.string()));
  EXPECT_NE(why_not_signed().find("there is no key"), std::string::npos);
  write("a.pub.pem", SignerForTest::ed25519().public_pem());
  EXPECT_FALSE(has_no_signing_key(folder_.string()));
  EXPECT_NE(why_not_signed().find("only verifies"), std::string::npos);
  write("b.pem", "no key");
  EXPECT_NE(why_not_signed().find("b.pem: It is not an Ed25519 private key"), std::string::npos);
  write("b.pem", std::string(20'000, 'x'));
  EXPECT_NE(why_not_signed().find("b.pem is larger than 16 KiB"), std::string::npos);
  write("b.pem", "");
  EXPECT_NE(why_not_signed().find("b.pem can't be read"), std::string::npos);
  write("b.pem", SignerForTest::rsa(2048).public_pem());
  EXPECT_NE(why_not_signed().find("not an Ed25519"), std::string::npos);
}

TEST_F(SigningKeysTest, OneKeyIsNotThereTwice) {
  const std::string id = generate();
  write(id + ".pub.pem", SignerForTest::ed25519().public_pem());
  EXPECT_NE(why_not_signed().find("is there twice"), std::string::npos);
}

TEST_F(SigningKeysTest, SeesTheFolderVanishAndComeBack) {
  generate();
  const SigningKeys keys(folder_.string(), clock_);
  ASSERT_TRUE(keys.sign("text"));
  const auto away = root_ / "away";
  fs::rename(folder_, away);
  clock_.advance(seconds{1});
  EXPECT_EQ(keys.sign("text").error().kind, ErrorKind::kUnavailable);
  fs::rename(away, folder_);
  clock_.advance(seconds{1});
  EXPECT_TRUE(keys.sign("text"));
}

TEST_F(SigningKeysTest, RefusesAKeyThatWouldNotSign) {
  generate();
  clock_.advance(-seconds{60});
  EXPECT_EQ(generate_signing_key(folder_.string(), clock_).error().code, "keys.clock");
}

TEST_F(SigningKeysTest, TakesOnlyWholeFiles) {
  const std::string id = generate();
  write("zzz.pem.new", "half a k");  // what a killed generate leaves
  EXPECT_EQ(why_not_signed(), "");
  EXPECT_NE(file(id + ".pem").find("BEGIN PRIVATE KEY"), std::string::npos);
}

}  // namespace
}  // namespace sluice::auth
