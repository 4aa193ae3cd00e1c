#include "platform/http/multipart.h"

#include <gtest/gtest.h>

#include "platform/http/limits.h"

namespace sluice::http {
namespace {

using namespace std::string_literals;
constexpr auto kType = "multipart/form-data; boundary=b1";

std::string part(std::string_view head, std::string_view body) {
  return "--b1\r\n" + std::string(head) + "\r\n\r\n" + std::string(body) + "\r\n";
}

TEST(Multipart, ReadsFieldsAndFiles) {
  const auto body = part("Content-Disposition: form-data; name=\"note\"", "") +
                    part("content-disposition: form-data; name=\"file\"; filename=\"C:\\dir\\a \\\"b\\\".avsc\"\r\n"
                         "Content-Type: application/json",
                         "{\r\n--b2\r\n}") +
                    "--b1--\r\n";
  const auto parts = parse_multipart("Multipart/Form-Data; charset=utf-8; boundary=\"b1\"", body);
  ASSERT_TRUE(parts) << parts.error().describe();
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "note");
  EXPECT_EQ((*parts)[0].body, "");
  EXPECT_EQ((*parts)[0].content_type, "text/plain");
  EXPECT_EQ((*parts)[1].file_name, "a \"b\".avsc");
  EXPECT_EQ((*parts)[1].content_type, "application/json");
  EXPECT_EQ((*parts)[1].body, "{\r\n--b2\r\n}");
}

TEST(Multipart, RefusesWhatIsNotOne) {
  const auto good = part("Content-Disposition: form-data; name=a", "1");
  for (const auto& body : {
           ""s, "--b1--x"s, "--b2--"s, good, good + "--b1--trailing", "preamble\r\n" + good + "--b1--", good + "--b1",
           part("Content-Disposition: form-data", "1") + "--b1--",
           part("Content-Disposition: attachment; name=a", "1") + "--b1--",
           part("Content-Disposition: form-data; name=\"\"", "1") + "--b1--",
           part("Content-Disposition: form-data; name=a; name=b", "1") + "--b1--",
           part("Content-Disposition: form-data; name=\"a", "1") + "--b1--",
           part("Content-Disposition: form-data; name=\"\xff\"", "1") + "--b1--",
           part("Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b", "1") + "--b1--",
           part("Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64", "1") + "--b1--",
           part("Content-Type: text/plain", "1") + "--b1--",
           part("X: " + std::string(5000, 'x'), "1") + "--b1--",
           "--b1\r\n\r\n1\r\n--b1--"s,
       })
    EXPECT_FALSE(parse_multipart(kType, body)) << body.substr(0, 200);
}

TEST(Multipart, RefusesBadBoundaries) {
  for (const auto& type : {"multipart/form-data"s, "multipart/mixed; boundary=b1"s, "multipart/form-data; boundary="s,
                           "multipart/form-data; boundary=b1; boundary=b1"s, "multipart/form-data; boundary=\"b1"s,
                           "multipart/form-data; boundary=" + std::string(71, 'a'), "text/plain"s}) {
    const auto parts = parse_multipart(type, "--b1--");
    ASSERT_FALSE(parts) << type;
    EXPECT_EQ(parts.error().code, "multipart.boundary") << type;
  }
}

TEST(Multipart, BoundsTheNumberOfParts) {
  std::string body;
  for (std::size_t i = 0; i <= limits::kMultipartParts; ++i) body += part("Content-Disposition: form-data; name=a", "1");
  EXPECT_EQ(parse_multipart(kType, body + "--b1--").error().code, "multipart.parts");
}

}  // namespace
}  // namespace sluice::http
