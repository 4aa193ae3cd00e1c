#include "platform/auth/base64url.h"

#include <gtest/gtest.h>

#include <random>

namespace sluice::auth {
namespace {

TEST(Base64Url, ReadsItsOwnOutput) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int length = 0; length < 200; ++length) {
    std::string bytes(static_cast<std::size_t>(length), '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_EQ(decode_base64url(encode_base64url(bytes)), bytes);
  }
}

TEST(Base64Url, WritesTheStandardsExamples) {
  EXPECT_EQ(encode_base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64url("fooba"), "Zm9vYmE");
  EXPECT_EQ(encode_base64url("foob"), "Zm9vYg");
  EXPECT_EQ(encode_base64url("\xfb\xff"), "-_8");
}

TEST(Base64Url, RefusesEverySecondSpelling) {
  for (const char* text :
       {"Zg==", "Zm8=", "Z", "Zm9vY", "Zm9v Yg", "Zm9v\n", "+_8", "-/8", "Zh", "Zm9", "Zm-="}) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
  EXPECT_EQ(decode_base64url(std::string_view("Zg\0A", 4)), std::nullopt);
}

}  // namespace
}  // namespace sluice::auth
