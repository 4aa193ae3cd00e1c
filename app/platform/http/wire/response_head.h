// What goes over the wire before a response's body. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "platform/http/message.h"

namespace sluice::http::wire {

enum class Framing : std::uint8_t { kLength, kChunked, kUntilClose };

struct ResponseFrame {
  Framing framing = Framing::kLength;
  bool keep_alive = true;
  int minor_version = 1;
  std::string_view request_id;
  std::string_view traceparent;
  std::string_view date;  // IMF-fixdate
};

// Appends status line and fields. Header values from handlers lose their control characters: nobody
// can add a header by an injected line break.
void append_head(std::string& out, const Response& response, const ResponseFrame& frame);
// Appends one chunk; `bytes` must not be empty (that would end the body).
void append_chunk(std::string& out, std::string_view bytes);

std::string_view reason_phrase(int status);

}  // namespace sluice::http::wire
