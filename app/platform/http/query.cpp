#include "platform/http/query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace sluice::http {

Error wrong_query(std::string_view name, std::string message, std::string fix) {
  return {ErrorKind::kInvalid, "request.invalid", "The query is not valid.", "",
          {{std::string(name), "range", std::move(message), std::move(fix), 0, 0}}};
}

Result<int> limit_of(const Request& request, int usual, int most) {
  const auto text = request.query_value("limit");
  if (!text) return usual;
  int limit = 0;
  const auto [end, failure] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (failure != std::errc{} || end != text->data() + text->size() || limit < 1 || limit > most) {
    return wrong_query("limit", fmt::format("limit must be a whole number from 1 to {}.", most), "Leave it out.");
  }
  return limit;
}

Result<bool> flag_of(const Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text || *text == "false") return false;
  if (*text == "true") return true;
  return wrong_query(name, fmt::format("{} must be true or false.", name), "Leave it out for false.");
}

std::string text_of(const Request& request, std::string_view name) {
  return std::string(request.query_value(name).value_or(""));
}

Status known_only(const Request& request, std::initializer_list<std::string_view> names) {
  for (const auto& [name, _] : request.query) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    return wrong_query(name, fmt::format("{} is no parameter of this route.", name),
                       fmt::format("Known here: {}.", fmt::join(names.begin(), names.end(), ", ")));
  }
  return {};
}

}  // namespace sluice::http
