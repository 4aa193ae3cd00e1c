#include "platform/kafka/detail/uuid.h"

#include <array>
#include <string_view>

namespace sluice::kafka::detail {

std::string format_uuid(std::int64_t most_significant, std::int64_t least_significant) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<std::uint8_t, 18> bytes{};  // 16, and zeros up to a multiple of three
  for (std::size_t i = 0; i < 8; ++i) {
    const auto shift = 56 - 8 * i;
    bytes[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(most_significant) >> shift);
    bytes[8 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(least_significant) >> shift);
  }
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::uint32_t group = bytes[i] << 16U | bytes[i + 1] << 8U | bytes[i + 2];
    for (const int shift : {18, 12, 6, 0}) text += kAlphabet[group >> shift & 63U];
  }
  text.resize(22);
  return text;
}

}  // namespace sluice::kafka::detail
