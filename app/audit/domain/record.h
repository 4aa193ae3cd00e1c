// One record of the audit trail as it is kept, and the bytes that its hash is taken of. Pure.
//
// The hash is SHA-256 over the canonical JSON (RFC 8785) of the record without its `hash`; `prev`, the
// hash of the record before, is a member like any other. So whoever has an export can check it with
// any JSON and SHA-256 tool.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/actor.h"
#include "platform/core/clock.h"

namespace sluice::audit::domain {

struct Record {
  std::string environment;
  std::int64_t seq = 0;  // 1, 2, 3, … in its environment
  std::string prev;      // kNoHash for the first
  std::string hash;      // lower-case hex
  TimePoint at;
  std::string action;
  std::string target;
  std::string name;
  std::string change_id;
  Actor actor;
  std::string request_id;
  std::string outcome;
  std::string before = "null";  // canonical JSON
  std::string after = "null";
  std::string detail;

  bool operator==(const Record&) const = default;
};

// What the first record of a chain follows on from.
inline constexpr std::string_view kNoHash = "0000000000000000000000000000000000000000000000000000000000000000";

// Appends the canonical JSON of everything but the hash.
void append_canonical(std::string& out, const Record& record);
std::string hash_of(const Record& record);
// Whether `text` is one JSON value and nothing beside it, as far as brackets and quotes tell. Before and
// after are put into the canonical text as they are: only with this do the bytes mean one record, because
// otherwise a member could be moved from one column into its neighbour without changing the whole.
bool is_one_value(std::string_view text);

}  // namespace sluice::audit::domain
