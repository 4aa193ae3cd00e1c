#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/objects/object_store.h"

namespace sluice::objects {

Status check_key(std::string_view key) {
  const auto refuse = [&](std::string_view why) {
    return Error{ErrorKind::kInvalid, "objects.key", fmt::format("The key \"{}\" {}.", printable(key), why),
                 "Use segments of UTF-8 parted by single slashes, 1024 bytes at most.", {}};
  };
  if (key.empty()) return refuse("is empty");
  if (key.size() > kMaxKeyBytes) return refuse("is longer than 1024 bytes");
  if (!is_valid_utf8(key)) return refuse("is not UTF-8");
  for (const char c : key)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return refuse("has control characters");
  for (const std::string& segment : split(key, '/')) {
    if (segment.empty()) return refuse("has an empty segment");
    if (segment == "." || segment == "..") return refuse("has a dot segment");
    if (segment.size() > 200) return refuse("has a segment longer than 200 bytes");
  }
  return {};
}

}  // namespace sluice::objects
