// What a stranger's bytes meet first: request head, target, chunked body, multipart. Beside not
// crashing: an accepted head means to Boost.Beast, an independent parser, what it means to us (two
// readings of one frame is how requests are smuggled), and a body does not depend on how it was cut.
#include "fuzz/fuzz_target.h"

#include <string>

#include <boost/beast/http.hpp>

#include "platform/http/limits.h"
#include "platform/http/multipart.h"
#include "platform/http/wire/chunked.h"
#include "platform/http/wire/head.h"
#include "platform/http/wire/target.h"

namespace {

namespace beast = boost::beast;
namespace http = sluice::http;
using http::wire::ChunkedDecoder;

std::string_view to_view(beast::string_view text) { return {text.data(), text.size()}; }

void compare_with_beast(std::string_view text, const http::wire::Head& head) {
  beast::http::request_parser<beast::http::empty_body> parser;
  parser.header_limit(2 * http::limits::kHeadBytes);
  parser.body_limit(boost::none);
  beast::error_code error;
  parser.put(boost::asio::buffer(text.data(), text.size()), error);
  if (error) return;  // the stricter one of two may refuse
  SLUICE_ASSERT(parser.is_header_done());
  SLUICE_ASSERT(to_view(parser.get().method_string()) == head.method);
  SLUICE_ASSERT(to_view(parser.get().target()) == head.target);
  SLUICE_ASSERT(parser.get().version() == 10U + static_cast<unsigned>(head.minor_version));
  SLUICE_ASSERT(parser.chunked() == head.chunked);
  if (parser.content_length()) SLUICE_ASSERT(head.content_length == *parser.content_length());
  else SLUICE_ASSERT(!head.content_length);
}

struct Decoded {
  ChunkedDecoder::Status status = ChunkedDecoder::Status::kNeedMore;
  std::string body;
};

Decoded decode(std::string_view bytes, std::size_t piece) {
  ChunkedDecoder decoder;
  Decoded decoded;
  std::string buffer;
  while (decoded.status == ChunkedDecoder::Status::kNeedMore && !bytes.empty()) {
    buffer += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    const auto step = decoder.feed(buffer, decoded.body, 4096);
    SLUICE_ASSERT(step.consumed <= buffer.size());
    buffer.erase(0, step.consumed);
    decoded.status = step.status;
  }
  SLUICE_ASSERT(decoded.body.size() <= 4096);
  return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = sluice::fuzz::as_text(data, size);
  http::wire::Head head;
  std::size_t scanned = 0;
  if (http::wire::find_head_end(bytes, scanned) == http::wire::HeadEnd::kFound) {
    const auto text = bytes.substr(0, scanned);
    if (!http::wire::parse_head(text, head)) {
      compare_with_beast(text, head);
      http::wire::Target target;
      static_cast<void>(http::wire::parse_target(head.target, target));
    }
    const auto body = bytes.substr(scanned);
    static_cast<void>(http::parse_multipart(head.find("content-type"), body));
    const auto whole = decode(body, body.size());
    const auto pieces = decode(body, 1);
    SLUICE_ASSERT(whole.status == pieces.status);
    if (whole.status == ChunkedDecoder::Status::kDone) SLUICE_ASSERT(whole.body == pieces.body);
  } else {
    static_cast<void>(http::wire::check_incomplete(bytes));
  }
  return 0;
}
