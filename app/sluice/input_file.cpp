#include "sluice/input_file.h"

#include <fmt/format.h>

#include <fstream>
#include <iostream>

namespace sluice::cli {
namespace {

constexpr std::size_t kLargest = 1024 * 1024;

Error unreadable(const std::string& file) {
  return {ErrorKind::kInvalid, "cli.file", fmt::format("'{}' can't be read.", file),
          "Name a file, or - for standard input.", {}};
}

Error too_large(const std::string& file) {
  return {ErrorKind::kTooLarge, "cli.file-too-large", fmt::format("'{}' is larger than 1 MiB.", file),
          "Split it.", {}};
}

}  // namespace

Result<std::string> read_input(const std::string& file) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  std::string text(kLargest + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || (file != "-" && !opened.is_open())) return unreadable(file);
  if (text.size() > kLargest) return too_large(file);
  return text;
}

std::string_view content_type_of(const std::string& file) {
  return file.ends_with(".json") ? "application/json" : "application/yaml";
}

}  // namespace sluice::cli
