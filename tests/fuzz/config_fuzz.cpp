// The configuration: a file, then NUL, then one NAME=value line of the environment each. Either a
// Config that prints and loads again, or problems that never show a secret.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fuzz/fuzz_target.h"
#include "platform/config/config.h"
#include "platform/config/presentation.h"

namespace {

class NoFiles final : public sluice::config::FileReader {
 public:
  sluice::Result<std::string> read(const std::string& path, std::size_t) const override {
    return sluice::Error{sluice::ErrorKind::kNotFound, "config.file-missing",
                         "the file " + sluice::printable(path, 60) + " does not exist", "", {}};
  }
  [[nodiscard]] bool exists(const std::string&) const override { return true; }
};

sluice::config::Environment environment_from(std::string_view lines) {
  sluice::config::Environment environment{{"HOME", "/home/kim"}};
  for (const std::string& line : sluice::split(lines, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals != std::string::npos) environment[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return environment;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  static const NoFiles kFiles;
  const std::string_view input = fuzz::as_text(data, size);
  const std::size_t nul = input.find('\0');
  config::Source source{.path = "sluice.yaml", .text = std::string(input.substr(0, nul)),
                        .environment = {}, .files = &kFiles};
  if (nul != std::string_view::npos) source.environment = environment_from(input.substr(nul + 1));
  const auto config = config::load(source);
  if (!config) {
    fuzz::expect_readable(config.error());
    return 0;
  }
  SLUICE_ASSERT(is_valid_utf8(config::print(*config)));
  return 0;
}
