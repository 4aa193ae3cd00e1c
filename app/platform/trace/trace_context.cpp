#include "platform/trace/trace_context.h"

#include <algorithm>
#include <cstdint>
#include <random>

namespace sluice::trace {
namespace {

constexpr std::size_t kVersion00Size = 55;  // 00-<32>-<16>-<2>

// Upper case is refused, as the standard demands.
bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

// Ids need to be unlikely to meet, not hard to guess: a generator per thread spares the hot path
// the locks and the cost of OpenSSL's.
std::uint64_t random_word() {
  thread_local std::mt19937_64 generator = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(),
                       device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  std::uint64_t word = 0;
  while (word == 0) word = generator();
  return word;
}

void append_hex(std::string& to, std::uint64_t word) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) to.push_back(kDigits[(word >> shift) & 0xf]);
}

std::string new_parent_id() {
  std::string id;
  append_hex(id, random_word());
  return id;
}

// Bit 0 of the flags' last digit.
bool is_sampled(char last_digit) {
  const int digit = last_digit <= '9' ? last_digit - '0' : last_digit - 'a' + 10;
  return (digit & 1) != 0;
}

}  // namespace

std::optional<TraceContext> TraceContext::parse(std::string_view text) {
  if (text.size() < kVersion00Size) return std::nullopt;
  const auto version = text.substr(0, 2);
  if (!is_hex(version) || version == "ff") return std::nullopt;
  // A later version may append fields behind another dash; its first four are ours.
  const bool longer = text.size() > kVersion00Size;
  if (longer && (version == "00" || text[kVersion00Size] != '-')) return std::nullopt;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const auto trace_id = text.substr(3, 32);
  const auto parent_id = text.substr(36, 16);
  const auto flags = text.substr(53, 2);
  if (!is_id(trace_id) || !is_id(parent_id) || !is_hex(flags)) return std::nullopt;
  return TraceContext{std::string(trace_id), std::string(parent_id), is_sampled(flags[1])};
}

TraceContext TraceContext::generate() {
  std::string trace_id;
  trace_id.reserve(32);
  append_hex(trace_id, random_word());
  append_hex(trace_id, random_word());
  return {std::move(trace_id), new_parent_id(), true};
}

TraceContext TraceContext::child() const { return {trace_id, new_parent_id(), sampled}; }

std::string TraceContext::to_header() const {
  std::string text;
  text.reserve(kVersion00Size);
  text.append("00-").append(trace_id).append("-").append(parent_id).append(sampled ? "-01" : "-00");
  return text;
}

TraceContext continue_or_generate(std::string_view traceparent) {
  const auto sent = TraceContext::parse(traceparent);
  return sent ? sent->child() : TraceContext::generate();
}

}  // namespace sluice::trace
