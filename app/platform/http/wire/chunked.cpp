#include "platform/http/wire/chunked.h"

#include <algorithm>
#include <optional>

#include "platform/http/limits.h"
#include "platform/http/wire/head.h"

namespace sluice::http::wire {
namespace {

std::optional<std::uint64_t> parse_hex(std::string_view digits) {
  if (digits.empty() || digits.size() > 16) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    const char lower = c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c;
    if (lower >= '0' && lower <= '9') value = value * 16 + static_cast<std::uint64_t>(lower - '0');
    else if (lower >= 'a' && lower <= 'f') value = value * 16 + static_cast<std::uint64_t>(lower - 'a' + 10);
    else return std::nullopt;
  }
  return value;
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::feed(std::string_view bytes, std::string& body, std::size_t limit) {
  std::string_view rest = bytes;
  Status status = Status::kNeedMore;
  std::size_t before = 0;
  do {
    before = rest.size();
    status = step(rest, body, limit);
  } while (status == Status::kNeedMore && !rest.empty() && rest.size() != before);
  return {status, bytes.size() - rest.size()};
}

// Takes one line off `bytes`, without its CRLF. kNeedMore with an empty `line` = not here yet.
ChunkedDecoder::Status ChunkedDecoder::read_line(std::string_view& bytes, std::string_view& line,
                                                 std::size_t limit) const {
  const auto feed = bytes.substr(0, limit).find('\n');
  if (feed == std::string_view::npos)
    return bytes.size() >= limit ? Status::kMalformed : Status::kNeedMore;
  if (feed == 0 || bytes[feed - 1] != '\r') return Status::kMalformed;
  line = bytes.substr(0, feed - 1);
  bytes.remove_prefix(feed + 1);
  return is_field_value(line) ? Status::kDone : Status::kMalformed;
}

ChunkedDecoder::Status ChunkedDecoder::begin_chunk(std::string_view line, std::size_t room) {
  const auto size = parse_hex(line.substr(0, line.find(';')));
  if (!size) return Status::kMalformed;
  if (*size > room) return Status::kTooLarge;
  left_ = *size;
  stage_ = left_ == 0 ? Stage::kTrailer : Stage::kData;
  return Status::kNeedMore;
}

ChunkedDecoder::Status ChunkedDecoder::read_trailer(std::string_view& bytes) {
  std::string_view line;
  const auto size = bytes.size();
  const auto status = read_line(bytes, line, limits::kTrailerBytes - trailer_bytes_);
  if (status != Status::kDone) return status;
  trailer_bytes_ += size - bytes.size();
  if (line.empty()) return Status::kDone;
  const auto colon = line.find(':');
  const bool sound = colon != std::string_view::npos && is_token(line.substr(0, colon)) &&
                     trailer_bytes_ < limits::kTrailerBytes;
  return sound ? Status::kNeedMore : Status::kMalformed;
}

ChunkedDecoder::Status ChunkedDecoder::step(std::string_view& bytes, std::string& body, std::size_t limit) {
  std::string_view line;
  switch (stage_) {
    case Stage::kSize: {
      const auto status = read_line(bytes, line, limits::kChunkLineBytes);
      return status == Status::kDone ? begin_chunk(line, limit - std::min(limit, body.size())) : status;
    }
    case Stage::kData: {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      left_ -= taken;
      if (left_ == 0) stage_ = Stage::kDataEnd;
      return Status::kNeedMore;
    }
    case Stage::kDataEnd: {
      if (bytes.size() < 2) return bytes.empty() || bytes[0] == '\r' ? Status::kNeedMore : Status::kMalformed;
      if (!bytes.starts_with("\r\n")) return Status::kMalformed;
      bytes.remove_prefix(2);
      stage_ = Stage::kSize;
      return Status::kNeedMore;
    }
    case Stage::kTrailer: return read_trailer(bytes);
  }
  return Status::kMalformed;
}

}  // namespace sluice::http::wire
