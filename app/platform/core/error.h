// What went wrong, whether trying again makes sense, and what the reader can do about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// The closed set of kinds an interface has to tell apart. Each interface maps every kind in one
// exhaustive switch; a module's own named constructors choose the kind and the stable code.
enum class ErrorKind : std::uint8_t {
  kInvalid,          // the caller's input is wrong; the same input will fail again
  kUnauthenticated,  // who are you?
  kForbidden,        // we know who you are; you may not
  kNotFound,
  kConflict,         // the state of the world forbids it now (stale, exists, in progress)
  kTooLarge,
  kUnsupported,      // content type, method, feature
  kRateLimited,
  kTimeout,          // a deadline passed; whether the other side acted is unknown
  kUnavailable,      // a dependency does not answer or refuses; try again later
  kCancelled,        // we are shutting down
  kInternal,         // a defect of ours
};

std::string_view to_string(ErrorKind kind);

// One wrong place in an input. `line` and `column` are 1-based; 0 where there is no text.
struct Problem {
  std::string field;  // "items[3].config.partitions"
  std::string rule;   // stable: "type", "required", "unknown-field", "pattern", …
  std::string message;
  std::string fix;
  int line = 0;
  int column = 0;

  bool operator==(const Problem&) const = default;
};

struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string code;     // stable and public: "plan.not-found", "kafka.timeout"
  std::string message;  // tells the operator what happened, in one sentence
  std::string fix;      // what to do about it; may be empty
  std::vector<Problem> problems;

  // Whether the same call may succeed later without anybody changing anything.
  [[nodiscard]] bool retryable() const {
    return kind == ErrorKind::kTimeout || kind == ErrorKind::kUnavailable ||
           kind == ErrorKind::kRateLimited;
  }
  [[nodiscard]] std::string describe() const;  // one line: code, message, fix
};

}  // namespace sluice
