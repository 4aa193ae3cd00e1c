// The YAML reader: any bytes give a node or a readable error; what was read can be said as JSON and
// reads the same again.
#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz_target.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const auto node = text::parse_yaml(fuzz::as_text(data, size));
  if (!node) {
    fuzz::expect_readable(node.error());
    return 0;
  }
  const std::string json = text::to_json(*node).dump();
  const auto again = text::parse_json(json, {.bytes = 64 * 1024 * 1024});
  SLUICE_ASSERT(again.has_value());
  SLUICE_ASSERT(text::to_json(*again).dump() == json);
  return 0;
}
