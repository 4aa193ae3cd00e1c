#include "platform/config/source.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "platform/core/text.h"

namespace sluice::config {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{1024} * 1024;

Error file_error(ErrorKind kind, std::string code, const std::string& path, std::string_view what) {
  return Error{kind, std::move(code), fmt::format("the file {} {}", printable(path), what),
               "check the path and its permissions", {}};
}

class SystemFiles final : public FileReader {
 public:
  Result<std::string> read(const std::string& path, std::size_t limit) const override {
    if (!exists(path)) {
      return file_error(ErrorKind::kNotFound, "config.file-missing", path, "does not exist");
    }
    std::ifstream in(path, std::ios::binary);
    std::string text(limit + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (in.fail() && !in.eof())) {
      return file_error(ErrorKind::kUnavailable, "config.file-unreadable", path, "can't be read");
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() <= limit) return text;
    return file_error(ErrorKind::kTooLarge, "config.file-too-large", path,
                      fmt::format("has more than {} bytes", limit));
  }
  [[nodiscard]] bool exists(const std::string& path) const override {
    std::error_code ignored;
    const auto status = std::filesystem::status(path, ignored);
    return std::filesystem::exists(status) && !std::filesystem::is_directory(status);
  }
};

}  // namespace

const FileReader& system_files() {
  static const SystemFiles kFiles;
  return kFiles;
}

Environment environment_of(const char* const* environment) {
  Environment variables;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry(*environment);
    const std::size_t equals = entry.find('=');
    if (equals != std::string_view::npos) {
      variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
  }
  return variables;
}

Result<Source> read_source(const std::string& path, Environment environment) {
  Source source{.path = path, .text = {}, .environment = std::move(environment), .files = &system_files()};
  if (path.empty()) return source;
  SLUICE_TRY(source.text, source.files->read(path, kMaxConfigBytes));
  return source;
}

}  // namespace sluice::config
