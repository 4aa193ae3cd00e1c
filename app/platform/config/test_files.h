// Files in memory, for tests.
#pragma once

#include <map>
#include <string>

#include "platform/config/source.h"

namespace sluice::config {

class TestFiles final : public FileReader {
 public:
  using Contents = std::map<std::string, std::string>;
  explicit TestFiles(Contents files = {}) : files_(std::move(files)) {}

  Result<std::string> read(const std::string& path, std::size_t limit) const override {
    const auto file = files_.find(path);
    if (file == files_.end()) {
      return Error{ErrorKind::kNotFound, "config.file-missing", "the file " + path + " does not exist", "", {}};
    }
    if (file->second.size() > limit) {
      return Error{ErrorKind::kTooLarge, "config.file-too-large", "the file " + path + " is too large", "", {}};
    }
    return file->second;
  }
  [[nodiscard]] bool exists(const std::string& path) const override { return files_.contains(path); }

 private:
  Contents files_;
};

}  // namespace sluice::config
