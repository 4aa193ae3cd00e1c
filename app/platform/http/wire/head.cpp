#include "platform/http/wire/head.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "platform/http/limits.h"

namespace sluice::http::wire {
namespace {

using CharacterSet = std::array<bool, 256>;

constexpr CharacterSet make_set(std::string_view punctuation) {
  CharacterSet set{};
  for (char c = '0'; c <= '9'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'a'; c <= 'z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (char c = 'A'; c <= 'Z'; ++c) set[static_cast<unsigned char>(c)] = true;
  for (const char c : punctuation) set[static_cast<unsigned char>(c)] = true;
  return set;
}

constexpr CharacterSet make_value_set() {
  CharacterSet set{};
  for (std::size_t c = 0x20; c < set.size(); ++c) set[c] = c != 0x7f;
  set['\t'] = true;
  return set;
}

constexpr CharacterSet make_target_set() {
  CharacterSet set{};
  for (std::size_t c = 0x21; c < 0x7f; ++c) set[c] = true;
  set['#'] = false;
  return set;
}

constexpr CharacterSet kToken = make_set("!#$%&'*+-.^_`|~");
constexpr CharacterSet kHost = make_set("-._~!$&'()*+,;=:[]%");
constexpr CharacterSet kValue = make_value_set();
constexpr CharacterSet kTarget = make_target_set();

bool consists_of(std::string_view text, const CharacterSet& set) {
  return std::all_of(text.begin(), text.end(), [&](char c) { return set[static_cast<unsigned char>(c)]; });
}

constexpr Refusal kBadRequestLine{400, "http.request-line", "The request line is not METHOD SP target SP HTTP/1.1."};
constexpr Refusal kBadTarget{400, "http.target", "The request target has characters that must be %-escaped."};
constexpr Refusal kTargetTooLong{414, "http.target-too-long", "The request target is longer than 8 KiB."};
constexpr Refusal kVersion{505, "http.version", "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
constexpr Refusal kTooManyFields{431, "http.too-many-headers", "There are more than 100 header fields."};
constexpr Refusal kHeadTooLong{431, "http.head-too-long", "The header fields are longer than 32 KiB."};
constexpr Refusal kFolded{400, "http.folded-header", "A header line begins with white space (obs-fold)."};
constexpr Refusal kBadName{400, "http.header-name", "A header field has no name, or one with characters that are not allowed."};
constexpr Refusal kBadValue{400, "http.header-value", "A header value has control characters."};
constexpr Refusal kRepeated{400, "http.repeated-header", "A header field that may occur once occurs twice."};
constexpr Refusal kHost400{400, "http.host", "A request needs exactly one Host field, with a host name or address."};
constexpr Refusal kLength{400, "http.content-length", "Content-Length is not one decimal number."};
constexpr Refusal kTransfer{400, "http.transfer-encoding", "The only transfer coding is \"chunked\", in HTTP/1.1."};
constexpr Refusal kBothLengths{400, "http.ambiguous-length", "A request has Content-Length or Transfer-Encoding, not both."};
constexpr Refusal kExpectation{417, "http.expectation", "The only expectation that can be met is 100-continue."};

std::string_view trim_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<Refusal> parse_request_line(std::string_view line, Head& head) {
  const auto first = line.find(' ');
  const auto second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return kBadRequestLine;
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, second - first - 1);
  const auto version = line.substr(second + 1);
  if (!is_token(head.method) || head.target.empty()) return kBadRequestLine;
  if (head.target.size() > limits::kTargetBytes) return kTargetTooLong;
  if (!consists_of(head.target, kTarget)) return kBadTarget;
  if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.') return kBadRequestLine;
  if (version[5] != '1' || (version[7] != '0' && version[7] != '1')) return kVersion;
  head.minor_version = version[7] - '0';
  return std::nullopt;
}

std::optional<std::uint64_t> parse_length(std::string_view digits) {
  if (digits.empty() || digits.size() > 18) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

// What the fields that decide about framing and the connection said so far.
struct Seen {
  bool host = false;
  bool length = false;
  bool transfer = false;
  bool type = false;
  bool authorization = false;
  bool request_id = false;
  bool close = false;
  bool keep_alive = false;
};

bool first_time(bool& seen) { return !std::exchange(seen, true); }

void read_connection_options(std::string_view value, Seen& seen) {
  while (!value.empty()) {
    const auto comma = value.find(',');
    const auto option = trim_blanks(value.substr(0, comma));
    if (equals_ignoring_case(option, "close")) seen.close = true;
    if (equals_ignoring_case(option, "keep-alive")) seen.keep_alive = true;
    value = comma == std::string_view::npos ? std::string_view{} : value.substr(comma + 1);
  }
}

std::optional<Refusal> read_transfer_encoding(std::string_view value, Head& head, Seen& seen) {
  if (!first_time(seen.transfer) || !equals_ignoring_case(value, "chunked")) return kTransfer;
  if (head.minor_version == 0) return kTransfer;
  head.chunked = true;
  return std::nullopt;
}

std::optional<Refusal> read_content_length(std::string_view value, Head& head, Seen& seen) {
  head.content_length = parse_length(value);
  if (!first_time(seen.length) || !head.content_length) return kLength;
  return std::nullopt;
}

// Told apart by length first: most fields are none of these.
std::optional<Refusal> note_field(const Field& field, Head& head, Seen& seen) {
  const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
  switch (field.name.size()) {
    case 4:
      if (is("host") && (!first_time(seen.host) || field.value.empty() || !consists_of(field.value, kHost)))
        return kHost400;
      break;
    case 6:
      if (!is("expect")) break;
      if (!equals_ignoring_case(field.value, "100-continue")) return kExpectation;
      head.expects_continue = head.minor_version == 1;
      break;
    case 10:
      if (is("connection")) read_connection_options(field.value, seen);
      break;
    case 12:
      if (is("content-type") && !first_time(seen.type)) return kRepeated;
      if (is("x-request-id") && !first_time(seen.request_id)) return kRepeated;
      break;
    case 13:
      if (is("authorization") && !first_time(seen.authorization)) return kRepeated;
      break;
    case 14:
      if (is("content-length")) return read_content_length(field.value, head, seen);
      break;
    case 17:
      if (is("transfer-encoding")) return read_transfer_encoding(field.value, head, seen);
      break;
    default: break;
  }
  return std::nullopt;
}

std::optional<Refusal> parse_field(std::string_view line, Head& head, Seen& seen) {
  if (line.front() == ' ' || line.front() == '\t') return kFolded;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return kBadName;
  const Field field{line.substr(0, colon), trim_blanks(line.substr(colon + 1))};
  if (!is_field_value(field.value)) return kBadValue;
  if (head.fields.size() >= limits::kHeaderFields) return kTooManyFields;
  head.fields.push_back(field);
  return note_field(field, head, seen);
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

bool is_token(std::string_view text) { return !text.empty() && consists_of(text, kToken); }

bool is_field_value(std::string_view text) { return consists_of(text, kValue); }

std::string_view Head::find(std::string_view name) const {
  for (const Field& field : fields)
    if (equals_ignoring_case(field.name, name)) return field.value;
  return {};
}

HeadEnd find_head_end(std::string_view bytes, std::size_t& scanned) {
  while (scanned < bytes.size()) {
    const void* at = std::memchr(bytes.data() + scanned, '\n', bytes.size() - scanned);
    if (at == nullptr) break;
    const auto feed = static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data());
    if (feed == 0 || bytes[feed - 1] != '\r') return HeadEnd::kBareLineFeed;
    scanned = feed + 1;
    if (feed >= 3 && bytes[feed - 2] == '\n') return HeadEnd::kFound;
  }
  scanned = bytes.size();
  return HeadEnd::kIncomplete;
}

std::optional<Refusal> check_incomplete(std::string_view bytes) {
  const auto line = bytes.substr(0, bytes.find('\r'));
  if (line.size() > limits::kTargetBytes + 64) return kTargetTooLong;
  if (bytes.size() >= limits::kHeadBytes) return kHeadTooLong;
  return std::nullopt;
}

std::optional<Refusal> parse_head(std::string_view text, Head& head) {
  std::vector<Field> fields = std::move(head.fields);
  fields.clear();
  head = Head{};
  head.fields = std::move(fields);
  if (text.size() > limits::kHeadBytes) return kHeadTooLong;
  if (auto refusal = parse_request_line(take_line(text), head)) return refusal;
  Seen seen;
  for (auto line = take_line(text); !line.empty(); line = take_line(text))
    if (auto refusal = parse_field(line, head, seen)) return refusal;
  if (head.minor_version == 1 && !seen.host) return kHost400;
  if (head.chunked && head.content_length) return kBothLengths;
  head.keep_alive = !seen.close && (head.minor_version == 1 || seen.keep_alive);
  return std::nullopt;
}

std::optional<Method> parse_method(std::string_view name) {
  for (const Method method : {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete,
                              Method::kHead, Method::kOptions})
    if (to_string(method) == name) return method;
  return std::nullopt;
}

}  // namespace sluice::http::wire
