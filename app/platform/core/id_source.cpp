#include "platform/core/id_source.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <string_view>
#include <vector>

#include "platform/core/assert.h"

namespace sluice {
namespace {

constexpr int kCounterBits = 12;

void fill_random(unsigned char* out, std::size_t size) {
  SLUICE_ASSERT(RAND_bytes(out, static_cast<int>(size)) == 1);
}

// The larger of "now" and "one more than the last", so that ids of one process never go backwards,
// not even when the wall clock does.
std::uint64_t next_stamp(std::atomic<std::uint64_t>& last, std::uint64_t millis) {
  std::uint64_t previous = last.load();
  std::uint64_t stamp = 0;
  do {
    stamp = std::max(millis << kCounterBits, previous + 1);
  } while (!last.compare_exchange_weak(previous, stamp));
  return stamp;
}

}  // namespace

std::string UuidV7Source::next_uuid() {
  const auto millis = static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
  const std::uint64_t stamp = next_stamp(last_, millis);
  std::array<unsigned char, 8> random{};
  fill_random(random.data(), random.size());
  std::uint64_t tail = 0;
  for (const unsigned char byte : random) tail = tail << 8 | byte;
  tail = (tail & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;  // variant 10
  const std::uint64_t time = stamp >> kCounterBits;
  const std::uint64_t counter = stamp & 0xfff;
  return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", time >> 16, time & 0xffff, counter,
                     tail >> 48, tail & 0xffffffffffffULL);
}

std::string SequentialIdSource::next_uuid() {
  return fmt::format("00000000-0000-7000-8000-{:012x}", next_.fetch_add(1));
}

bool is_uuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (kShape[i] == '-' ? c != '-' : !hex) return false;
  }
  return true;
}

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> random(bytes);
  fill_random(random.data(), random.size());
  std::string text;
  for (const unsigned char byte : random) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace sluice
