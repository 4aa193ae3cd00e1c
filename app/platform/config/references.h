// ${env:NAME} and ${file:/path} in configuration values. `$${` stands for a literal `${`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/config/source.h"

namespace sluice::config {

inline constexpr std::size_t kMaxReferencedBytes = 64 * 1024;

struct Expanded {
  struct Failure {
    std::string message;  // never shows what a reference holds
    std::string fix;
  };
  std::string text;
  bool referenced = false;  // something was expanded
  bool from_file = false;
  std::vector<Failure> failures;
};

// Not recursive: what comes out of a reference is taken as it is, but for one line feed at a file's
// end. Relative files are looked up beside the configuration file.
Expanded expand(std::string_view value, const Source& source);

// `path` itself when absolute, else below the configuration file's folder.
std::string beside_config(const std::string& path, const Source& source);

}  // namespace sluice::config
