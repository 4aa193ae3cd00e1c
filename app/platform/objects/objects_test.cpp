// Keys, S3's XML, and what only a folder can show. What every store promises: tests/integration/objects.
#include <fstream>

#include <gtest/gtest.h>

#include "platform/core/id_source.h"
#include "platform/objects/folder_store.h"
#include "platform/objects/list_page.h"

namespace sluice::objects {
namespace {

TEST(CheckKey, RefusesWhatCouldLeaveTheFolder) {
  for (const auto& key : {std::string(""), std::string("/a"), std::string("a/"), std::string("a//b"), std::string("."),
                          std::string(".."), std::string("a/../b"), std::string("a/./b"), std::string("../a"),
                          std::string("a\0b", 3), std::string("a\nb"), std::string("\xff"), std::string(1025, 'a'),
                          std::string(201, 'a')}) {
    const auto status = check_key(key);
    ASSERT_FALSE(status) << key;
    EXPECT_EQ(status.error().kind, ErrorKind::kInvalid);
  }
  for (const auto* key : {"a", "a/b", "..a/b..", ".hidden", "a=b&c d", "ä/ö", "%2e%2e"}) EXPECT_TRUE(check_key(key)) << key;
}

TEST(ListPage, ReadsKeysAndSizes) {
  const auto page = parse_list_page(
      "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><Name>b</Name><Contents><Key>a&amp;&lt;&#x20;&#228;</Key>"
      "<Size>12</Size></Contents><Contents><Size>0</Size><Key>b</Key></Contents></ListBucketResult>");
  ASSERT_TRUE(page);
  EXPECT_EQ(*page, (std::vector<ObjectInfo>{{"a&< ä", 12}, {"b", 0}}));
  EXPECT_TRUE(parse_list_page("<ListBucketResult></ListBucketResult>")->empty());
}

TEST(ListPage, RefusesWhatIsNoList) {
  for (const auto* xml : {"", "<html></html>", "<ListBucketResult>", "<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>",
                          "<ListBucketResult><Contents><Key>&bad;</Key><Size>1</Size></Contents></ListBucketResult>",
                          "<ListBucketResult><Contents><Key>a</Key><Size>x</Size></Contents></ListBucketResult>"})
    EXPECT_FALSE(parse_list_page(xml)) << xml;
}

class FolderStoreTest : public ::testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(root_); }
  const std::filesystem::path root_ = std::filesystem::temp_directory_path() / ("sluice-objects-" + random_hex(8));
  const Deadline soon_ = Deadline::after(std::chrono::seconds{10});
};

TEST_F(FolderStoreTest, CrashedPutLeavesNoObject) {
  auto store = FolderStore::open(root_);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->put("a/b", "1", "", soon_));
  std::ofstream(root_ / "a=d" / ".0123.tmp") << "half";
  EXPECT_EQ((*store)->list("", "", 10, soon_)->size(), 1U);
}

TEST_F(FolderStoreTest, SaysWhatTheDiskRefused) {
  std::ofstream(root_) << "a file where a folder should be";
  const auto store = FolderStore::open(root_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, "objects.disk");
}

}  // namespace
}  // namespace sluice::objects
