#include "platform/config/presentation.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "platform/config/keys.h"
#include "platform/config/test_files.h"
#include "support/golden.h"

namespace sluice::config {
namespace {

constexpr const char* kPage = "docs/guide/configuration.md";
const TestFiles kFiles(TestFiles::Contents{{"secret", "hunter2"}, {"config/policies/default.yaml", ""}});

Config loaded(std::string text) {
  auto config = load(Source{"", std::move(text), {{"PASSWORD", "hunter2"}}, &kFiles});
  EXPECT_TRUE(config) << describe_problems("", config ? std::vector<Problem>{} : config.error().problems);
  return config ? *std::move(config) : Config{};
}

TEST(Print, ShowsEverythingButSecrets_X3) {
  const std::string text = print(loaded(
      "database: {url: 'postgresql://u:${env:PASSWORD}@h/d'}\n"
      "kafka: {properties: {bootstrap.servers: 'a:1', sasl.password: '${env:PASSWORD}', ssl.key.pem: hunter2, "
      "client.rack: '${file:secret}', sasl.username: me}}\n"
      "governance: {akhq_url: 'https://me:hunter2@akhq/ui'}\n"
      "objects: {s3: {endpoint: 'http://h', bucket: b, access_key: a, secret_key: hunter2}}\n"
      "auth: {issuer: '${file:secret}'}\n"));
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  test::expect_golden("app/platform/config/testdata/print.yaml", text);
}

TEST(Print, LoadsAgainToTheSame) {
  const Config config = loaded("server: {port: 9, listen: '::1'}\nroles: [governance]\nauth: {issuer: \"a\\\"b\"}\n");
  const std::string text = print(config);
  EXPECT_EQ(print(loaded(text)), text);
}

TEST(Print, ShowsTheEntriesThatHaveNames) {
  const std::string text = print(loaded(
      "clusters: {east: {environments: [prod], properties: {bootstrap.servers: 'a:1', sasl.password: s3cret}}}\n"));
  EXPECT_NE(text.find("clusters:\n  east:\n    environments: [\"prod\"]\n    properties: "
                      "{\"bootstrap.servers\": \"a:1\", \"sasl.password\": \"***\"}\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(print(loaded("")).find("clusters"), std::string::npos);
}

TEST(Schema, IsWhatEditorsGet) {
  test::expect_golden("app/platform/config/testdata/schema.json", schema().dump(2) + "\n");
}

TEST(Schema, KnowsEveryKey) {
  const Json root = schema();
  for (const Key& key : keys()) {
    const Json* node = &root;
    std::stringstream path{std::string(key.path)};
    for (std::string name; std::getline(path, name, '.');) {
      if (name == "*") {  // any name: what stands there is said once
        node = &(*node)["additionalProperties"];
        continue;
      }
      ASSERT_TRUE(node->contains("properties") && (*node)["properties"].contains(name)) << key.path;
      EXPECT_FALSE((*node)["additionalProperties"] == true) << key.path;
      node = &(*node)["properties"][name];
    }
    EXPECT_EQ((*node)["description"], key.description);
  }
}

std::string read_page() {
  std::ifstream in(kPage);
  std::stringstream page;
  page << in.rdbuf();
  return page.str();
}

TEST(Page, ListsEveryKey) {
  constexpr std::string_view kEnd = "<!-- end of keys -->";
  std::string page = read_page();
  const std::size_t start = page.find('\n', page.find("<!-- keys:")) + 1;
  const std::size_t end = page.find(kEnd);
  ASSERT_NE(end, std::string::npos);
  page.replace(start, end - start, markdown_table());
  test::expect_golden(kPage, page);
}

}  // namespace
}  // namespace sluice::config
