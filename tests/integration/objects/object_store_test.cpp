// What every object store promises, on a folder and on a real S3 server that checks signatures.
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "platform/core/id_source.h"
#include "platform/objects/folder_store.h"
#include "platform/objects/s3_store.h"
#include "support/servers.h"

namespace sluice::objects {
namespace {

enum class Kind { kFolder, kS3 };

class ObjectStoreSuite : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::kFolder) {
      auto opened = FolderStore::open(root_);
      ASSERT_TRUE(opened) << opened.error().describe();
      store_ = std::move(*opened);
    } else {
      store_ = std::make_unique<S3Store>(s3_options(), client_);
    }
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  // A prefix of its own for each test: the bucket is shared.
  S3Options s3_options() {
    return {test::test_server("SLUICE_TEST_S3_ENDPOINT"),
            "us-east-1",
            test::test_server("SLUICE_TEST_S3_BUCKET"),
            test::test_server("SLUICE_TEST_S3_ACCESS_KEY"),
            test::test_server("SLUICE_TEST_S3_SECRET_KEY"),
            root_.filename().string() + "/"};
  }
  std::vector<std::string> keys(std::string_view prefix, std::string_view after, std::size_t limit) {
    std::vector<std::string> found;
    const auto listed = store_->list(prefix, after, limit, soon());
    EXPECT_TRUE(listed) << listed.error().describe();
    if (listed)
      for (const auto& object : *listed) found.push_back(object.key);
    return found;
  }
  static Deadline soon() { return Deadline::after(std::chrono::seconds{20}); }

  const std::filesystem::path root_ = std::filesystem::temp_directory_path() / ("sluice-objects-" + random_hex(8));
  http::Client client_;
  std::unique_ptr<ObjectStore> store_;
};

TEST_P(ObjectStoreSuite, GivesBackWhatWasPut) {
  std::string bytes(100'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  for (const auto* key : {"plain", "deep/er/est", "with space/ä+&=;%2F.json", "~tilde'(x)!*"}) {
    const auto put = store_->put(key, bytes, "application/octet-stream", soon());
    ASSERT_TRUE(put) << key << ": " << put.error().describe();
    const auto got = store_->get(key, soon());
    ASSERT_TRUE(got) << key << ": " << got.error().describe();
    EXPECT_EQ(*got, bytes) << key;
    EXPECT_TRUE(*store_->exists(key, soon())) << key;
  }
}

TEST_P(ObjectStoreSuite, PutReplaces) {
  ASSERT_TRUE(store_->put("a", "one", "text/plain", soon()));
  ASSERT_TRUE(store_->put("a", "", "text/plain", soon()));
  EXPECT_EQ(*store_->get("a", soon()), "");
}

TEST_P(ObjectStoreSuite, SaysWhatIsNotThere) {
  const auto got = store_->get("nothing/here", soon());
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(*store_->exists("nothing/here", soon()));
  EXPECT_TRUE(keys("nothing/", "", 10).empty());
}

TEST_P(ObjectStoreSuite, ListsByBytesInPages) {
  for (const auto* key : {"b/2", "a", "b/10", "b-c", "b/ä", "c", "b/1/x"}) ASSERT_TRUE(store_->put(key, "12", "", soon()));
  EXPECT_EQ(keys("", "", 100), (std::vector<std::string>{"a", "b-c", "b/1/x", "b/10", "b/2", "b/ä", "c"}));
  EXPECT_EQ(keys("b/", "", 100), (std::vector<std::string>{"b/1/x", "b/10", "b/2", "b/ä"}));
  EXPECT_EQ(keys("b/", "", 2), (std::vector<std::string>{"b/1/x", "b/10"}));
  EXPECT_EQ(keys("b/", "b/10", 100), (std::vector<std::string>{"b/2", "b/ä"}));
  EXPECT_EQ(keys("b", "b-", 1), (std::vector<std::string>{"b-c"}));
  EXPECT_EQ(store_->list("a", "", 1, soon())->front().bytes, 2U);
}

TEST_P(ObjectStoreSuite, RemovesAndRemovesAgain) {
  ASSERT_TRUE(store_->put("dir/a", "1", "", soon()));
  EXPECT_TRUE(store_->remove("dir/a", soon()));
  EXPECT_TRUE(store_->remove("dir/a", soon()));
  EXPECT_FALSE(*store_->exists("dir/a", soon()));
}

TEST_P(ObjectStoreSuite, RefusesBadKeysBeforeAnythingElse) {
  for (const auto* key : {"", "/etc/passwd", "../a", "a//b"}) {
    EXPECT_EQ(store_->put(key, "1", "", soon()).error().code, "objects.key") << key;
    EXPECT_EQ(store_->get(key, soon()).error().code, "objects.key") << key;
    EXPECT_EQ(store_->remove(key, soon()).error().code, "objects.key") << key;
  }
}

INSTANTIATE_TEST_SUITE_P(Stores, ObjectStoreSuite, ::testing::Values(Kind::kFolder, Kind::kS3),
                         [](const auto& tested) { return tested.param == Kind::kFolder ? "Folder" : "S3"; });

class S3Only : public ObjectStoreSuite {};

TEST_P(S3Only, WrongSecretIsDenied) {
  auto options = s3_options();
  options.secret_key = "wrong";
  S3Store store(options, client_);
  const auto put = store.put("a", "1", "", soon());
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, "objects.denied");
  EXPECT_EQ(put.error().describe().find("wrong"), std::string::npos);
}

TEST_P(S3Only, MissingBucketIsNotAMissingObject) {
  auto options = s3_options();
  options.bucket = "no-such-bucket";
  S3Store store(options, client_);
  EXPECT_EQ(store.get("a", soon()).error().code, "objects.refused");
}

INSTANTIATE_TEST_SUITE_P(Store, S3Only, ::testing::Values(Kind::kS3), [](const auto&) { return "S3"; });

}  // namespace
}  // namespace sluice::objects
