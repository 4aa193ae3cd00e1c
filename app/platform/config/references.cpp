#include "platform/config/references.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "platform/core/text.h"

namespace sluice::config {
namespace {

constexpr std::string_view kOpen = "${";
constexpr std::string_view kEnvironment = "env:";
constexpr std::string_view kFile = "file:";

void append_variable(std::string_view name, const Source& source, Expanded& expanded) {
  const auto variable = source.environment.find(std::string(name));
  if (variable == source.environment.end()) {
    expanded.failures.push_back({fmt::format("the environment variable {} is not set", printable(name)),
                                 fmt::format("set {}", printable(name))});
    return;
  }
  if (!is_valid_utf8(variable->second)) {
    expanded.failures.push_back({fmt::format("the environment variable {} is not UTF-8", printable(name)),
                                 "set it to UTF-8 text"});
    return;
  }
  expanded.text += variable->second;
}

void append_file(std::string_view name, const Source& source, Expanded& expanded) {
  expanded.from_file = true;
  auto content = source.files->read(beside_config(std::string(name), source), kMaxReferencedBytes);
  if (!content) {
    expanded.failures.push_back({content.error().message, content.error().fix});
    return;
  }
  std::string& text = *content;
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (!is_valid_utf8(text) || text.find('\0') != std::string::npos) {
    expanded.failures.push_back({fmt::format("the file {} is not UTF-8 text", printable(name)),
                                 "put plain text into it"});
    return;
  }
  expanded.text += text;
}

void append_reference(std::string_view reference, const Source& source, Expanded& expanded) {
  expanded.referenced = true;
  if (reference.starts_with(kEnvironment) && reference.size() > kEnvironment.size()) {
    append_variable(reference.substr(kEnvironment.size()), source, expanded);
  } else if (reference.starts_with(kFile) && reference.size() > kFile.size()) {
    append_file(reference.substr(kFile.size()), source, expanded);
  } else {
    expanded.failures.push_back({fmt::format("${{{}}} is no reference", printable(reference, 60)),
                                 "write ${env:NAME} or ${file:/path}, or $${ for a literal ${"});
  }
}

}  // namespace

Expanded expand(std::string_view value, const Source& source) {
  Expanded expanded;
  while (!value.empty()) {
    const std::size_t open = value.find(kOpen);
    if (open == std::string_view::npos) break;
    if (open > 0 && value[open - 1] == '$') {
      expanded.text.append(value.substr(0, open - 1)).append(kOpen);
      value.remove_prefix(open + kOpen.size());
      continue;
    }
    const std::size_t close = value.find('}', open);
    if (close == std::string_view::npos) {
      expanded.failures.push_back({"a reference is not closed", "write ${env:NAME} or ${file:/path}"});
      return expanded;
    }
    expanded.text += value.substr(0, open);
    append_reference(value.substr(open + kOpen.size(), close - open - kOpen.size()), source, expanded);
    value.remove_prefix(close + 1);
  }
  expanded.text += value;
  return expanded;
}

std::string beside_config(const std::string& path, const Source& source) {
  const std::filesystem::path folder = std::filesystem::path(source.path).parent_path();
  return (folder / path).lexically_normal().string();
}

}  // namespace sluice::config
