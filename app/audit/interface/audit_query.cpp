#include "audit/interface/audit_query.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "platform/auth/base64url.h"
#include "platform/core/text.h"

namespace sluice::audit::interface {
namespace {

constexpr std::size_t kMostRecords = 1'000;  // of a page
constexpr std::size_t kMostExported = 100'000'000;
constexpr std::ptrdiff_t kLongestText = 256;  // characters
constexpr std::size_t kLongestCursor = 1'024;

template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::ptrdiff_t characters_in(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

bool is_outcome(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOutcomes{"done", "refused", "failed", "unknown"};
  return std::find(kOutcomes.begin(), kOutcomes.end(), text) != kOutcomes.end();
}

class Reader {
 public:
  Reader(const http::Request& request, AuditQuery& query) : request_(request), query_(query) {}

  std::vector<Problem> read() {
    query_.format = format_of_accept();
    for (const auto& [name, value] : request_.query) take(name, value);
    if (query_.format != Format::kJson) query_.records.order = domain::RecordOrder::kChain;
    take_limit();
    return std::move(problems_);
  }

 private:
  void take(std::string_view name, std::string_view value) {
    if (std::string* text = text_of(name)) {
      if (value.empty() || characters_in(value) > kLongestText) {
        return add(name, "range", "must be 1 to 256 characters");
      }
      if (name == "outcome" && !is_outcome(value)) {
        return add(name, "choice", "must be done, refused, failed or unknown");
      }
      text->assign(value);
    } else if (name == "from" || name == "to") {
      auto& time = name == "from" ? query_.records.filter.from : query_.records.filter.to;
      time = parse_rfc3339(value);
      if (!time) add(name, "pattern", "must be a time such as 2026-11-21T09:00:00Z");
    } else if (name == "after") {
      query_.records.after = read_cursor(value);
      if (!query_.records.after) add(name, "pattern", "must be the `next` of a page before");
    } else if (name == "order") {
      if (value != "newest" && value != "chain") return add(name, "choice", "must be newest or chain");
      query_.records.order = value == "chain" ? domain::RecordOrder::kChain : domain::RecordOrder::kNewest;
    } else if (name == "format") {
      take_format(value);
    } else if (name == "limit") {
      limit_ = parse_number<std::size_t>(value).value_or(0);
    } else {
      add(name, "unknown-field", "is no parameter of this route");
    }
  }

  std::string* text_of(std::string_view name) {
    domain::RecordFilter& filter = query_.records.filter;
    const std::array<std::pair<std::string_view, std::string*>, 7> texts{{{"environment", &filter.environment},
                                                                          {"target", &filter.target},
                                                                          {"name", &filter.name},
                                                                          {"actor", &filter.actor},
                                                                          {"changeId", &filter.change_id},
                                                                          {"outcome", &filter.outcome},
                                                                          {"action", &filter.action}}};
    for (const auto& [known, text] : texts) {
      if (known == name) return text;
    }
    return nullptr;
  }

  void take_format(std::string_view value) {
    if (value == "json") query_.format = Format::kJson;
    else if (value == "jsonl") query_.format = Format::kJsonLines;
    else if (value == "csv") query_.format = Format::kCsv;
    else add("format", "choice", "must be json, jsonl or csv");
  }

  void take_limit() {
    if (!limit_) return;
    const std::size_t most = query_.format == Format::kJson ? kMostRecords : kMostExported;
    if (*limit_ < 1 || *limit_ > most) {
      return add("limit", "range", fmt::format("must be a whole number from 1 to {}", most));
    }
    if (query_.format == Format::kJson) query_.records.limit = *limit_;
    else query_.at_most = limit_;
  }

  [[nodiscard]] Format format_of_accept() const {
    const std::string accept = to_lower(request_.headers.get("accept"));
    if (accept.find("text/csv") != std::string::npos) return Format::kCsv;
    return accept.find("application/x-ndjson") != std::string::npos ? Format::kJsonLines : Format::kJson;
  }

  void add(std::string_view name, const char* rule, std::string_view message) {
    const std::string field = printable(name, 60);
    problems_.push_back({field, rule, fmt::format("{} {}.", field, message), "Correct it, or leave it out.", 0, 0});
  }

  const http::Request& request_;
  AuditQuery& query_;
  std::optional<std::size_t> limit_;
  std::vector<Problem> problems_;
};

}  // namespace

Result<AuditQuery> read_audit_query(const http::Request& request) {
  AuditQuery query;
  auto problems = Reader(request, query).read();
  if (problems.empty()) return query;
  return Error{ErrorKind::kInvalid, "request.invalid", "The query is not valid.", "", std::move(problems)};
}

std::string write_cursor(const domain::RecordPlace& place) {
  return auth::encode_base64url(
      fmt::format("{}.{}.{}", place.at.time_since_epoch().count(), place.seq, place.environment));
}

std::optional<domain::RecordPlace> read_cursor(std::string_view text) {
  const auto decoded = text.size() <= kLongestCursor ? auth::decode_base64url(text) : std::nullopt;
  if (!decoded || !is_valid_utf8(*decoded) || decoded->find('\0') != std::string::npos) return std::nullopt;
  const std::string_view place = *decoded;
  const std::size_t first = place.find('.');
  const std::size_t second = first == std::string_view::npos ? first : place.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto at = parse_number<std::int64_t>(place.substr(0, first));
  const auto seq = parse_number<std::int64_t>(place.substr(first + 1, second - first - 1));
  if (!at || !seq) return std::nullopt;
  return domain::RecordPlace{TimePoint{std::chrono::milliseconds{*at}}, std::string(place.substr(second + 1)), *seq};
}

}  // namespace sluice::audit::interface
