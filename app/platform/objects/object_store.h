// Whole objects under a key: artefacts, archives, payloads. Keys are 1 to 1024 bytes of UTF-8,
// segments parted by single slashes, none of them "." or ".."; anything else is an error of kind
// kInvalid. A put that returned is durable. Thread-safe; every call blocks at most until its deadline
// (the folder's calls are local disk operations and don't check it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"

namespace sluice::objects {

inline constexpr std::size_t kMaxKeyBytes = 1024;
inline constexpr std::size_t kMaxListed = 1000;

struct ObjectInfo {
  std::string key;
  std::uint64_t bytes = 0;
  bool operator==(const ObjectInfo&) const = default;
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  // Replaces what is there.
  virtual Status put(std::string_view key, std::string_view bytes, std::string_view content_type,
                     Deadline deadline) = 0;
  // Error objects.not-found (kNotFound) when there is none.
  virtual Result<std::string> get(std::string_view key, Deadline deadline) = 0;
  virtual Result<bool> exists(std::string_view key, Deadline deadline) = 0;
  // Keys that start with `prefix` and sort behind `after` by bytes, at most `limit` (≤ kMaxListed), in
  // that order. Fewer than `limit` = there are no more.
  virtual Result<std::vector<ObjectInfo>> list(std::string_view prefix, std::string_view after,
                                               std::size_t limit, Deadline deadline) = 0;
  // Removing what is not there is fine.
  virtual Status remove(std::string_view key, Deadline deadline) = 0;
};

Status check_key(std::string_view key);

}  // namespace sluice::objects
