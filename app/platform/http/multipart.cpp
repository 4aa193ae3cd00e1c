#include "platform/http/multipart.h"

#include <algorithm>
#include <optional>

#include "platform/core/text.h"
#include "platform/http/limits.h"
#include "platform/http/wire/head.h"

namespace sluice::http {
namespace {

Error malformed(std::string message) {
  return {ErrorKind::kInvalid, "multipart.malformed", std::move(message), "Send multipart/form-data as RFC 7578 says.", {}};
}

// One `; name=value` of a header value, off the front of `text`; quoted values without their quotes.
struct Parameter {
  std::string name;
  std::string value;
};

std::optional<Parameter> take_parameter(std::string_view& text) {
  text = trim(text);
  if (!text.starts_with(';')) return std::nullopt;
  text = trim(text.substr(1));
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || !wire::is_token(text.substr(0, equals))) return std::nullopt;
  Parameter parameter{to_lower(text.substr(0, equals)), ""};
  text.remove_prefix(equals + 1);
  if (!text.starts_with('"')) {
    const auto end = std::min(text.find_first_of("; \t"), text.size());
    parameter.value = text.substr(0, end);
    text.remove_prefix(end);
    return wire::is_token(parameter.value) ? std::optional(parameter) : std::nullopt;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return parameter;
    }
    // Browsers send a Windows path's backslashes as they are; only \" and \\ are escapes.
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) ++i;
    parameter.value.push_back(text[i]);
  }
  return std::nullopt;
}

bool is_boundary(std::string_view text) {
  constexpr std::string_view kPunctuation = "'()+_,-./:=? ";
  return !text.empty() && text.size() <= 70 && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                  kPunctuation.find(c) != std::string_view::npos;
         });
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  const auto type = content_type.substr(0, content_type.find(';'));
  if (!wire::equals_ignoring_case(trim(type), "multipart/form-data")) return std::nullopt;
  std::optional<std::string> boundary;
  auto rest = content_type.substr(type.size());
  while (!trim(rest).empty()) {
    auto parameter = take_parameter(rest);
    if (!parameter) return std::nullopt;
    if (parameter->name != "boundary") continue;
    if (boundary || !is_boundary(parameter->value)) return std::nullopt;
    boundary = std::move(parameter->value);
  }
  return boundary;
}

Status read_disposition(std::string_view value, Part& part) {
  const auto kind = value.substr(0, value.find(';'));
  if (!wire::equals_ignoring_case(trim(kind), "form-data"))
    return malformed("A part's Content-Disposition is not form-data.");
  auto rest = value.substr(kind.size());
  bool named = false;
  while (!trim(rest).empty()) {
    auto parameter = take_parameter(rest);
    if (!parameter) return malformed("A part's Content-Disposition can't be read.");
    if (parameter->name == "name" && std::exchange(named, true)) return malformed("A part has two names.");
    if (parameter->name == "name") part.name = parameter->value;
    if (parameter->name == "filename")
      part.file_name = parameter->value.substr(parameter->value.find_last_of("/\\") + 1);
  }
  if (part.name.empty()) return malformed("A part has no name.");
  if (!is_valid_utf8(part.name) || !is_valid_utf8(part.file_name)) return malformed("A part's name is not UTF-8.");
  return {};
}

Status read_part_head(std::string_view head, Part& part) {
  bool disposed = false;
  part.content_type = "text/plain";
  while (!head.empty()) {
    const auto end = std::min(head.find("\r\n"), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !wire::is_token(line.substr(0, colon)) || !wire::is_field_value(line))
      return malformed("A part's header line can't be read.");
    const auto name = line.substr(0, colon);
    const auto value = trim(line.substr(colon + 1));
    if (wire::equals_ignoring_case(name, "content-type")) part.content_type = value;
    if (wire::equals_ignoring_case(name, "content-transfer-encoding") && !wire::equals_ignoring_case(value, "binary") &&
        !wire::equals_ignoring_case(value, "8bit") && !wire::equals_ignoring_case(value, "7bit"))
      return malformed("A part has a Content-Transfer-Encoding.");
    if (!wire::equals_ignoring_case(name, "content-disposition")) continue;
    if (std::exchange(disposed, true)) return malformed("A part has two Content-Disposition lines.");
    SLUICE_CHECK(read_disposition(value, part));
  }
  if (!disposed) return malformed("A part has no Content-Disposition.");
  return {};
}

// `text` begins behind the CRLF of the part's opening delimiter.
Result<Part> read_part(std::string_view& text, std::string_view delimiter) {
  Part part;
  const auto head_end = text.starts_with("\r\n") ? 0 : text.find("\r\n\r\n");
  if (head_end > limits::kMultipartHeadBytes)  // npos is more, too
    return malformed("A part's header lines don't end, or are longer than 4 KiB.");
  SLUICE_CHECK(read_part_head(text.substr(0, head_end), part));
  text.remove_prefix(head_end + 4);
  const auto end = text.find(delimiter);
  if (end == std::string_view::npos) return malformed("The last part is not closed by the boundary.");
  part.body = text.substr(0, end);
  text.remove_prefix(end + delimiter.size());
  return part;
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body) {
  const auto boundary = boundary_of(content_type);
  if (!boundary)
    return Error{ErrorKind::kInvalid, "multipart.boundary", "The content type is not multipart/form-data with one boundary.",
                 "Let your HTTP library build the body and its content type.", {}};
  if (body.size() > limits::kMultipartBytes)
    return Error{ErrorKind::kTooLarge, "multipart.too-large", "The body is larger than 16 MiB.", "", {}};
  const std::string delimiter = "\r\n--" + *boundary;
  if (!body.starts_with(std::string_view(delimiter).substr(2))) return malformed("The body does not begin with the boundary.");
  std::vector<Part> parts;
  auto text = body.substr(delimiter.size() - 2);
  while (!text.starts_with("--")) {
    if (!text.starts_with("\r\n")) return malformed("A boundary line has something behind it.");
    text.remove_prefix(2);
    if (parts.size() >= limits::kMultipartParts)
      return Error{ErrorKind::kTooLarge, "multipart.parts", "There are more than 512 parts.", "Send fewer files.", {}};
    SLUICE_TRY(auto part, read_part(text, delimiter));
    parts.push_back(std::move(part));
  }
  text.remove_prefix(2);
  if (text != "\r\n" && !text.empty()) return malformed("There is something behind the last boundary.");
  return parts;
}

}  // namespace sluice::http
