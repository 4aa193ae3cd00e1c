// The pure readers of what comes over the wire. Refusals as a client sees them: server_hostile_test.
#include <random>

#include <gtest/gtest.h>

#include "platform/http/limits.h"
#include "platform/http/wire/chunked.h"
#include "platform/http/wire/head.h"
#include "platform/http/wire/response_head.h"
#include "platform/http/wire/target.h"

namespace sluice::http::wire {
namespace {

TEST(Head, EndIsFoundHoweverTheBytesArrive) {
  const std::string text = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\n";
  const auto length = text.find("body");
  for (std::size_t step = 1; step <= text.size(); ++step) {
    std::size_t scanned = 0;
    HeadEnd end = HeadEnd::kIncomplete;
    for (std::size_t size = step; end == HeadEnd::kIncomplete; size += step)
      end = find_head_end(std::string_view(text).substr(0, size), scanned);
    EXPECT_EQ(end, HeadEnd::kFound) << step;
    EXPECT_EQ(scanned, length) << step;
  }
}

TEST(Head, ReadsLineFieldsAndFraming) {
  Head head;
  ASSERT_FALSE(parse_head("POST /a?b HTTP/1.1\r\nhOsT:a\r\nX-Y: \t b c \t\r\nContent-Length: 007\r\nConnection: x, Close\r\n"
                          "Expect: 100-Continue\r\n\r\n", head));
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/a?b");
  EXPECT_EQ(head.find("x-y"), "b c");
  EXPECT_EQ(head.content_length, 7U);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(head.expects_continue);
  ASSERT_FALSE(parse_head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", head));
  EXPECT_EQ(head.minor_version, 0);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.content_length);
}

TEST(Chunked, DecodesHoweverTheBytesArrive) {
  const std::string text = "4\r\nWiki\r\n0A;x=\"y\"\r\npedia in  \r\n000\r\nA: b\r\nC: d\r\n\r\nNEXT";
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    ChunkedDecoder decoder;
    std::string body;
    std::string buffer;
    std::size_t given = 0;
    auto status = ChunkedDecoder::Status::kNeedMore;
    while (status == ChunkedDecoder::Status::kNeedMore && given < text.size()) {
      const auto piece = std::min<std::size_t>(1 + random() % 9, text.size() - given);
      buffer += text.substr(given, piece);
      given += piece;
      const auto step = decoder.feed(buffer, body, 100);
      buffer.erase(0, step.consumed);
      status = step.status;
    }
    ASSERT_EQ(status, ChunkedDecoder::Status::kDone);
    EXPECT_EQ(body, "Wikipedia in  ");
    EXPECT_EQ(buffer + text.substr(given), "NEXT");
  }
}

TEST(Chunked, StopsAtTheLimitBeforeTheBytesCome) {
  ChunkedDecoder decoder;
  std::string body;
  EXPECT_EQ(decoder.feed("5\r\nabcde\r\n", body, 9).status, ChunkedDecoder::Status::kNeedMore);
  EXPECT_EQ(decoder.feed("5\r\n", body, 9).status, ChunkedDecoder::Status::kTooLarge);
}

TEST(Target, DecodesOnce) {
  Target target;
  ASSERT_FALSE(parse_target("/a%20b/%2525?x=1&y=a+b%26&&flag&z=", target));
  EXPECT_EQ(target.path, "/a b/%25");
  EXPECT_EQ(target.query, (Parameters{{"x", "1"}, {"y", "a b&"}, {"flag", ""}, {"z", ""}}));
  ASSERT_FALSE(parse_target("HTTP://host:1/p?q=1", target));
  EXPECT_EQ(target.path, "/p");
  ASSERT_FALSE(parse_target("http://host", target));
  EXPECT_EQ(target.path, "/");
  ASSERT_FALSE(parse_target("/..a/b..", target));
  EXPECT_EQ(percent_encode("a/b c", "/"), "a/b%20c");
}

TEST(Target, RefusesBadQueries) {
  Target target;
  for (const auto* text : {"/?a=%", "/?a=%00", "/?%ff=1"}) EXPECT_TRUE(parse_target(text, target)) << text;
  std::string many = "/?";
  for (std::size_t i = 0; i <= limits::kQueryParameters; ++i) many += "a&";
  EXPECT_TRUE(parse_target(many, target));
}

TEST(ResponseHead, FramesTheBody) {
  auto response = Response::text(200, "abc");
  response.headers.set("Content-Length", "99");
  response.headers.set("X-A", "b\r\nc");
  std::string out;
  append_head(out, response, {Framing::kLength, false, 1, "id", "", ""});
  EXPECT_EQ(out, "HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 3\r\nconnection: close\r\n"
                 "x-request-id: id\r\nX-A: bc\r\n\r\n");
}

}  // namespace
}  // namespace sluice::http::wire
