// How a row of the table says where its value lives. Used by the tables beside it only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "platform/config/keys.h"

namespace sluice::config::table {

template <typename Number>
Target number(Number& place) {
  return NumberTarget{[&place](std::int64_t value) { place = static_cast<Number>(value); },
                      [&place] { return static_cast<std::int64_t>(place); }};
}
inline Target number(Milliseconds& place) {
  return NumberTarget{[&place](std::int64_t value) { place = Milliseconds(value); },
                      [&place] { return static_cast<std::int64_t>(place.count()); }};
}
template <typename Enum>
Target choice(Enum& place) {
  return ChoiceTarget{[&place](std::size_t index) { place = static_cast<Enum>(index); },
                      [&place] { return static_cast<std::size_t>(place); }};
}

template <typename Struct>
std::vector<std::string> names_of(const std::map<std::string, Struct>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.first);
  return names;
}

inline constexpr std::int64_t kMaxPort = 65'535;
inline constexpr std::int64_t kHour = 3'600'000;  // milliseconds
inline constexpr std::int64_t kDay = 24 * kHour;

std::vector<Key> server_keys();
std::vector<Key> kafka_keys();
std::vector<Key> auth_keys();
std::vector<Key> governance_keys();
std::vector<Key> notify_keys();
std::vector<Key> operation_keys();

}  // namespace sluice::config::table
