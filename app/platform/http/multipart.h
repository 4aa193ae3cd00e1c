// multipart/form-data (RFC 7578), read strictly from a body that is whole in memory. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"

namespace sluice::http {

struct Part {
  std::string name;
  std::string file_name;     // without any folder; empty when the part is no file
  std::string content_type;  // "text/plain" when the part names none
  std::string_view body;     // into the body that was given
};

// `content_type` is the request's header, with its boundary. Errors of kind kInvalid (multipart.boundary,
// multipart.malformed) or kTooLarge (multipart.parts).
Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace sluice::http
