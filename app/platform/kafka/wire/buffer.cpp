#include "platform/kafka/wire/buffer.h"

namespace sluice::kafka::wire {

Encoder& Encoder::string(std::string_view text) {
  return int16(static_cast<std::int16_t>(text.size())).raw(text);
}

Encoder& Encoder::bytes(std::string_view content) {
  return int32(static_cast<std::int32_t>(content.size())).raw(content);
}

Encoder& Encoder::compact_string(std::string_view text) { return compact_count(text.size()).raw(text); }

Encoder& Encoder::raw(std::string_view content) {
  out_.append(content);
  return *this;
}

Encoder& Encoder::uvarint(std::uint64_t value) {
  for (; value > 0x7F; value >>= 7U) out_.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
  out_.push_back(static_cast<char>(value));
  return *this;
}

std::string_view Decoder::take(std::uint64_t size) {
  if (!ok_ || size > rest_.size()) {
    ok_ = false;
    return {};
  }
  const std::string_view taken = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return taken;
}

std::uint64_t Decoder::uvarint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {  // five bytes are the most that Kafka writes
    const auto byte = static_cast<std::uint8_t>(int8());
    value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    if (byte < 0x80U) return ok_ ? value : 0;
  }
  ok_ = false;
  return 0;
}

std::string Decoder::string() {
  const std::int16_t size = int16();
  return size < 0 ? std::string() : std::string(take(static_cast<std::uint64_t>(size)));
}

std::string Decoder::bytes() {
  const std::int32_t size = int32();
  return size < 0 ? std::string() : std::string(take(static_cast<std::uint64_t>(size)));
}

std::string Decoder::compact_string() {
  const std::uint64_t size = uvarint();
  return size == 0 ? std::string() : std::string(take(size - 1));
}

std::size_t Decoder::checked_count(std::int64_t items, std::size_t smallest) {
  if (!ok_ || items <= 0) return 0;
  const auto count = static_cast<std::uint64_t>(items);
  if (count > rest_.size() / smallest) {
    ok_ = false;
    return 0;
  }
  return count;
}

std::size_t Decoder::count(std::size_t smallest) { return checked_count(int32(), smallest); }

std::size_t Decoder::compact_count(std::size_t smallest) {
  return checked_count(static_cast<std::int64_t>(uvarint()) - 1, smallest);
}

void Decoder::skip_tags() {
  for (std::uint64_t left = uvarint(); ok_ && left > 0; --left) {
    uvarint();
    take(uvarint());
  }
}

}  // namespace sluice::kafka::wire
