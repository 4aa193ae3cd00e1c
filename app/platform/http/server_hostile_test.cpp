// X3: what two parsers could read differently is refused, and the connection closed.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "platform/http/limits.h"
#include "platform/http/testing/server_fixture.h"

namespace sluice::http {
namespace {

using testing::RawClient;
using namespace std::string_literals;

struct Hostile {
  const char* name;
  std::string bytes;
  int status;
};

std::string with_body(std::string_view fields, std::string_view body) {
  return fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n{}\r\n{}", fields, body);
}

std::string chunked(std::string_view body) { return with_body("Transfer-Encoding: chunked\r\n", body); }

std::vector<Hostile> hostile_requests() {
  const std::string many_fields = [] {
    std::string fields;
    for (int i = 0; i < 120; ++i) fields += fmt::format("x-{}: 1\r\n", i);
    return fields;
  }();
  return {
      {"LengthThenChunked", with_body("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"ChunkedThenLength", with_body("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400},
      {"TwoLengthsDiffer", with_body("Content-Length: 2\r\nContent-Length: 5\r\n", "ab"), 400},
      {"TwoLengthsEqual", with_body("Content-Length: 2\r\nContent-Length: 2\r\n", "ab"), 400},
      {"LengthList", with_body("Content-Length: 2, 5\r\n", "ab"), 400},
      {"LengthListEqual", with_body("Content-Length: 2, 2\r\n", "ab"), 400},
      {"LengthPlus", with_body("Content-Length: +2\r\n", "ab"), 400},
      {"LengthNegative", with_body("Content-Length: -2\r\n", "ab"), 400},
      {"LengthHex", with_body("Content-Length: 0x2\r\n", "ab"), 400},
      {"LengthEmpty", with_body("Content-Length: \r\n", "ab"), 400},
      {"LengthOverflow", with_body("Content-Length: 18446744073709551618\r\n", "ab"), 400},
      {"LengthHuge", with_body("Content-Length: 999999999999999999\r\n", "ab"), 413},
      {"CodingUnknown", with_body("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 400},
      {"CodingThenIdentity", with_body("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 400},
      {"CodingIdentity", with_body("Transfer-Encoding: identity\r\nContent-Length: 2\r\n", "ab"), 400},
      {"CodingTwice", with_body("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {"CodingQuoted", with_body("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 400},
      {"CodingVerticalTab", with_body("Transfer-Encoding: \vchunked\r\n", "0\r\n\r\n"), 400},
      {"CodingInHttp10",
       "POST /echo HTTP/1.0\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"ChunkSize17Digits", chunked("00000000000000002\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkSizeOverflow", chunked("fffffffffffffffff\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkSizeHuge", chunked("ffffffffffffffff\r\nab\r\n0\r\n\r\n"), 413},
      {"ChunkSizePrefix", chunked("0x2\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkSizeNegative", chunked("-2\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkSizePlus", chunked("+2\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkSizeEmpty", chunked("\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkSizeSpace", chunked("2 \r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkBareLineFeed", chunked("2\nab\n0\n\n"), 400},
      {"ChunkDataTooLong", chunked("2\r\nabcd\r\n0\r\n\r\n"), 400},
      {"ChunkExtensionLong", chunked("2;" + std::string(5000, 'x') + "\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkExtensionEndless", chunked("2;" + std::string(100'000, 'x')), 400},
      {"ChunkExtensionNul", chunked("2;a\0b\r\nab\r\n0\r\n\r\n"s), 400},
      {"TrailerFlood", chunked("0\r\n" + std::string(400'000, 'x')), 400},
      {"TrailerLines",
       chunked("0\r\n" + [] {
         std::string lines;
         for (int i = 0; i < 100'000; ++i) lines += "x: y\r\n";
         return lines;
       }()),
       400},
      {"TrailerNoColon", chunked("0\r\nnonsense\r\n\r\n"), 400},
      {"SpaceBeforeColon", "GET /health/live HTTP/1.1\r\nHost : a\r\n\r\n", 400},
      {"FoldedHeader", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400},
      {"FoldedFirstHeader", "GET /health/live HTTP/1.1\r\n Host: a\r\n\r\n", 400},
      {"BareLineFeed", "GET /health/live HTTP/1.1\nHost: a\n\n", 400},
      {"BareLineFeedInside", "GET /health/live HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      {"BareCarriageReturn", "GET /health/live HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
      {"NulInValue", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n"s, 400},
      {"NulInName", "GET /health/live HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n"s, 400},
      {"ControlInValue", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: b\x01\r\n\r\n", 400},
      {"EmptyName", "GET /health/live HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400},
      {"NoColon", "GET /health/live HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n", 400},
      {"NoHost", "GET /health/live HTTP/1.1\r\n\r\n", 400},
      {"TwoHosts", "GET /health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"EmptyHost", "GET /health/live HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"HostWithPath", "GET /health/live HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
      {"TwoTokens", "GET /health/live HTTP/1.1\r\nHost: a\r\nAuthorization: x\r\nAuthorization: y\r\n\r\n", 400},
      {"TwoTypes", with_body("Content-Type: application/json\r\nContent-Length: 2\r\n", "ab"), 400},
      {"NoVersion", "GET /health/live\r\n\r\n", 400},
      {"Version09", "GET /health/live HTTP/0.9\r\nHost: a\r\n\r\n", 505},
      {"Version12", "GET /health/live HTTP/1.2\r\nHost: a\r\n\r\n", 505},
      {"Version20", "GET /health/live HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"VersionLower", "GET /health/live http/1.1\r\nHost: a\r\n\r\n", 400},
      {"Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"TwoSpaces", "GET  /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TabInLine", "GET\t/health/live\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TrailingSpace", "GET /health/live HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
      {"BadMethod", "G@T /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"LeadingEmptyLine", "\r\nGET /health/live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TlsHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"s, 400},
      {"TargetNotAPath", "GET health/live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetAuthority", "GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetBytes", "GET /\xc3\xa4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetFragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathBadEscape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathCutEscape", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathNul", "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathLineFeed", "GET /a%0ab HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathNotUtf8", "GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathDots", "GET /health/../health/live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathEscapedDots", "GET /health/%2e%2e/live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathEscapedSlashDots", "GET /health/..%2flive HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"PathSingleDot", "GET /health/./live HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"TargetLong", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"TargetEndless", "GET /" + std::string(200'000, 'a'), 414},
      {"HeadersMany", "GET /health/live HTTP/1.1\r\nHost: a\r\n" + many_fields + "\r\n", 431},
      {"HeaderLong", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n", 431},
      {"HeaderEndless", "GET /health/live HTTP/1.1\r\nHost: a\r\nX: " + std::string(1'000'000, 'a'), 431},
      {"Expectation", with_body("Expect: magic\r\nContent-Length: 2\r\n", "ab"), 417},
      {"BodyTooLarge", with_body("Content-Length: 2000000\r\n", "ab"), 413},
  };
}

class HostileRequest : public testing::ServerTest, public ::testing::WithParamInterface<Hostile> {};

TEST_P(HostileRequest, IsRefusedAndTheConnectionClosed) {
  start();
  RawClient client(port());
  // A request to smuggle: whoever misreads the frame would answer it.
  client.send(GetParam().bytes + "GET /health/live HTTP/1.1\r\nHost: smuggled\r\n\r\n");
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, GetParam().status) << response->body;
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_EQ(response->header("content-type"), "application/problem+json");
  EXPECT_FALSE(response->header("x-request-id").empty());
  EXPECT_FALSE(client.receive()) << "the smuggled request was answered";
  EXPECT_TRUE(client.closed_by_peer());

  RawClient other(port());
  other.send(testing::get("/health/live"));
  const auto alive = other.receive();
  ASSERT_TRUE(alive);
  EXPECT_EQ(alive->status, 200);
}

INSTANTIATE_TEST_SUITE_P(Battery, HostileRequest, ::testing::ValuesIn(hostile_requests()),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace sluice::http
