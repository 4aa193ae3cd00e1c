#include "platform/config/keys.h"

#include <algorithm>
#include <iterator>

#include "platform/config/table/places.h"
#include "platform/core/text.h"

namespace sluice::config {
namespace {

// Order: as print and the page show them; keys of one section stand together.
const std::vector<Key>& all_keys() {
  static const std::vector<Key> kTable = [] {
    std::vector<Key> all;
    for (auto* keys : {&table::server_keys, &table::kafka_keys, &table::auth_keys, &table::governance_keys,
                       &table::notify_keys, &table::operation_keys}) {
      auto section = (*keys)();
      std::move(section.begin(), section.end(), std::back_inserter(all));
    }
    return all;
  }();
  return kTable;
}

}  // namespace

std::span<const Key> keys() { return all_keys(); }

namespace {

constexpr std::string_view kAnyName = "*";

bool matches(std::string_view pattern, std::string_view name) { return pattern == kAnyName || pattern == name; }

// The pattern's segments below the path; nothing when the path does not lead there.
std::optional<std::vector<std::string>> rest_below(const Key& key, std::string_view path) {
  std::vector<std::string> pattern = split(key.path, '.');
  if (path.empty()) return pattern;
  const std::vector<std::string> segments = split(path, '.');
  if (segments.size() > pattern.size()) return std::nullopt;
  if (!std::equal(segments.begin(), segments.end(), pattern.begin(),
                  [](const std::string& name, const std::string& one) { return matches(one, name); })) {
    return std::nullopt;
  }
  pattern.erase(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(segments.size()));
  return pattern;
}

std::string section_with_names(const Key& key) { return key.path.substr(0, key.path.find('*') + 1); }

}  // namespace

Key key_for_name(const Key& key, const std::string& name) {
  Key bound = key;
  bound.path.replace(bound.path.find('*'), 1, name);
  bound.target = [place = key.named_target, name](Config& config) { return place(config, name); };
  bound.named_target = {};
  bound.names = {};
  return bound;
}

std::vector<Key> keys_of(const Config& config) {
  std::vector<Key> all;
  for (auto key = all_keys().begin(); key != all_keys().end();) {
    if (!key->named_target) {
      all.push_back(*key++);
      continue;
    }
    const auto end = std::find_if(key, all_keys().end(), [&](const Key& other) {
      return !other.named_target || section_with_names(other) != section_with_names(*key);
    });
    for (const std::string& name : key->names(config)) {
      std::transform(key, end, std::back_inserter(all), [&](const Key& one) { return key_for_name(one, name); });
    }
    key = end;
  }
  return all;
}

std::optional<std::string> name_in(const Key& key, std::string_view path) {
  const auto rest = rest_below(key, path);
  if (!rest || !rest->empty()) return std::nullopt;
  const std::vector<std::string> pattern = split(key.path, '.');
  const auto place = std::find(pattern.begin(), pattern.end(), kAnyName);
  if (place == pattern.end()) return std::nullopt;
  return split(path, '.')[static_cast<std::size_t>(place - pattern.begin())];
}

const Key* find_key(std::string_view path) {
  const auto key = std::find_if(all_keys().begin(), all_keys().end(), [&](const Key& candidate) {
    const auto rest = rest_below(candidate, path);
    return rest && rest->empty();
  });
  return key == all_keys().end() ? nullptr : &*key;
}

bool is_section(std::string_view path) { return !names_below(path).empty(); }

bool is_named_section(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || !is_section(path)) return false;
  const auto siblings = names_below(path.substr(0, dot));
  return siblings.size() == 1 && siblings.front() == kAnyName;
}

std::vector<std::string> names_below(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : all_keys()) {
    const auto rest = rest_below(key, section);
    if (!rest || rest->empty()) continue;
    if (std::find(names.begin(), names.end(), rest->front()) == names.end()) names.push_back(rest->front());
  }
  return names;
}

std::string variable_of(std::string_view path) {
  std::string name = "SLUICE_";
  for (const char c : path) {
    if (c == '.') {
      name += "__";
    } else {
      name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
  }
  return name;
}

}  // namespace sluice::config
