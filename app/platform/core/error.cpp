#include "platform/core/error.h"

namespace sluice {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid: return "invalid";
    case ErrorKind::kUnauthenticated: return "unauthenticated";
    case ErrorKind::kForbidden: return "forbidden";
    case ErrorKind::kNotFound: return "not-found";
    case ErrorKind::kConflict: return "conflict";
    case ErrorKind::kTooLarge: return "too-large";
    case ErrorKind::kUnsupported: return "unsupported";
    case ErrorKind::kRateLimited: return "rate-limited";
    case ErrorKind::kTimeout: return "timeout";
    case ErrorKind::kUnavailable: return "unavailable";
    case ErrorKind::kCancelled: return "cancelled";
    case ErrorKind::kInternal: return "internal";
  }
  return "internal";
}

std::string Error::describe() const {
  std::string line = code + ": " + message;
  if (!fix.empty()) line += " (" + fix + ")";
  return line;
}

}  // namespace sluice
