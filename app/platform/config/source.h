// Where configuration comes from. load() touches nothing but what is in a Source.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "platform/core/result.h"

namespace sluice::config {

// The files that values name. May block on the disk.
class FileReader {
 public:
  virtual ~FileReader() = default;
  // kNotFound "config.file-missing", kTooLarge "config.file-too-large", kUnavailable
  // "config.file-unreadable"; never more than `limit` bytes.
  virtual Result<std::string> read(const std::string& path, std::size_t limit) const = 0;
  [[nodiscard]] virtual bool exists(const std::string& path) const = 0;
};

using Environment = std::map<std::string, std::string>;

struct Source {
  std::string path;  // of the file, for messages and as the base of relative paths; may be empty
  std::string text;  // of the file; empty = defaults and environment only
  Environment environment;
  const FileReader* files = nullptr;  // not null; must outlive load()
};

const FileReader& system_files();
// `environment` is the null-terminated list that main() gets ("NAME=value").
Environment environment_of(const char* const* environment);
// The file at `path` (an error when it can't be read; empty = no file) with the system's files.
Result<Source> read_source(const std::string& path, Environment environment);

}  // namespace sluice::config
