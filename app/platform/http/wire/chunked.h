// Undoes the chunked transfer coding, strictly: CRLF only, at most 16 hex digits without sign or
// prefix, bounded extensions and trailers (both are read over). Fed piece by piece; keeps no bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::http::wire {

class ChunkedDecoder {
 public:
  enum class Status : std::uint8_t { kNeedMore, kDone, kMalformed, kTooLarge };
  struct Step {
    Status status = Status::kNeedMore;
    std::size_t consumed = 0;  // of `bytes`; give the rest again, with more behind it
  };
  // Appends to `body`, which may grow to `limit` bytes (beyond: kTooLarge).
  Step feed(std::string_view bytes, std::string& body, std::size_t limit);

 private:
  enum class Stage : std::uint8_t { kSize, kData, kDataEnd, kTrailer };
  Status read_line(std::string_view& bytes, std::string_view& line, std::size_t limit) const;
  Status begin_chunk(std::string_view line, std::size_t room);
  Status step(std::string_view& bytes, std::string& body, std::size_t limit);
  Status read_trailer(std::string_view& bytes);

  Stage stage_ = Stage::kSize;
  std::uint64_t left_ = 0;  // of the current chunk's data
  std::size_t trailer_bytes_ = 0;
};

}  // namespace sluice::http::wire
