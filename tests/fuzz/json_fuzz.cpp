// The JSON reader: any bytes give a node or a readable error; what it takes, the library takes, too,
// and the value is the same.
#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz_target.h"
#include "platform/core/json.h"
#include "platform/text/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice;
  const std::string_view text = fuzz::as_text(data, size);
  const auto node = text::parse_json(text);
  if (!node) {
    fuzz::expect_readable(node.error());
    return 0;
  }
  const Json value = Json::parse(text.begin(), text.end(), nullptr, false);
  SLUICE_ASSERT(!value.is_discarded());
  SLUICE_ASSERT(text::to_json(*node) == value);
  return 0;
}
