#include "audit/interface/json_lines_source.h"

#include <istream>

#include <fmt/format.h>

#include "audit/interface/record_format.h"

namespace sluice::audit::interface {
namespace {

constexpr std::size_t kLongestLine = 2 * 1024 * 1024;

Error in_line(std::size_t number, Error error) {
  error.message = fmt::format("line {}: {}", number, error.message);
  return error;
}

// False at the end. A line longer than any record is an error, found without reading all of it.
Result<bool> next_line(std::istream& in, std::string& line, std::size_t number) {
  line.clear();
  for (auto* buffer = in.rdbuf();;) {
    const auto c = buffer->sbumpc();
    if (c == std::char_traits<char>::eof()) return !line.empty();
    if (c == '\n') return true;
    if (line.size() == kLongestLine)
      return in_line(number, {ErrorKind::kTooLarge, "audit.record", "longer than any record", "", {}});
    line.push_back(static_cast<char>(c));
  }
}

}  // namespace

Status JsonLinesSource::read(domain::ChainVisitor& visitor, Deadline deadline) {
  std::string line;
  for (std::size_t number = 1;; ++number) {
    SLUICE_TRY(const bool more, next_line(in_, line, number));
    if (!more) return {};
    if (line.empty()) continue;
    if (deadline.expired()) return Error{ErrorKind::kTimeout, "audit.timeout", "Verifying took too long.", "", {}};
    auto record = read_json(line);
    if (!record) return in_line(number, std::move(record).error());
    visitor.record(*record);
  }
}

}  // namespace sluice::audit::interface
