#include "architecture/table.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fmt/format.h>

#include "architecture/source.h"

namespace sluice::architecture {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> words(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> found;
  for (std::string word; stream >> word;) found.push_back(word);
  return found;
}

std::vector<std::string> columns(std::string_view line) {
  std::vector<std::string> found;
  while (true) {
    const auto bar = line.find('|');
    found.emplace_back(trimmed(line.substr(0, bar)));
    if (bar == std::string_view::npos) return found;
    line.remove_prefix(bar + 1);
  }
}

[[noreturn]] void malformed(int line, std::string_view why) {
  throw std::runtime_error(fmt::format("dependencies.txt:{}: {}", line, why));
}

void add_row(Table& table, std::string_view section, std::string_view line, int number) {
  auto row = columns(line);
  if (section == "layers") {
    if (row.size() != 2) malformed(number, "expected: layer | layers it may include");
    if (!table.layers.emplace(row[0], words(row[1])).second) malformed(number, "layer named twice");
    return;
  }
  if (row.size() != 3)
    malformed(number, "expected: what | where it may be used | what to use instead");
  Restriction restriction{row[0], words(row[1]), row[2]};
  if (section == "headers") {
    table.headers.push_back(std::move(restriction));
  } else if (section == "tokens") {
    table.tokens.push_back(std::move(restriction));
  } else {
    malformed(number, "row outside [layers], [headers] and [tokens]");
  }
}

std::string_view module_of(std::string_view layer) { return layer.substr(0, layer.find('/')); }

// The row for a layer: its own, else the one for every module ("@/domain").
const std::vector<std::string>* row_of(const Table& table, std::string_view layer) {
  if (const auto own = table.layers.find(layer); own != table.layers.end()) return &own->second;
  const auto slash = layer.find('/');
  if (slash == std::string_view::npos || module_of(layer) == "platform") return nullptr;
  const auto any = table.layers.find("@" + std::string(layer.substr(slash)));
  return any == table.layers.end() ? nullptr : &any->second;
}

bool matches(std::string_view pattern, std::string_view from, std::string_view to) {
  if (pattern == "*") return true;
  if (pattern.starts_with("@/")) {
    return to == std::string(module_of(from)) + std::string(pattern.substr(1));
  }
  if (pattern.starts_with("*/")) return to.ends_with(pattern.substr(1));
  return pattern == to;
}

}  // namespace

Table parse_table(std::string_view text) {
  Table table;
  std::istringstream stream{std::string(text)};
  std::string section;
  int number = 0;
  for (std::string raw; std::getline(stream, raw);) {
    ++number;
    const auto line = trimmed(raw);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('[') && line.ends_with(']')) {
      section = line.substr(1, line.size() - 2);
    } else {
      add_row(table, section, line, number);
    }
  }
  return table;
}

Table load_table(const std::filesystem::path& file) {
  const std::ifstream stream(file);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_table(text.str());
}

std::optional<std::string> layer_of(std::string_view path) {
  constexpr std::string_view kRoot = "app/";
  if (!path.starts_with(kRoot)) return std::nullopt;
  path.remove_prefix(kRoot.size());
  const auto first = path.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  const auto top = path.substr(0, first);
  if (top == "sluice" || top == "db") return std::string(top);
  const auto second = path.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return std::string(path.substr(0, second));
}

bool may_include(const Table& table, std::string_view from, std::string_view to) {
  if (from == to) return true;
  const auto* row = row_of(table, from);
  return row != nullptr && std::any_of(row->begin(), row->end(), [&](const std::string& pattern) {
           return matches(pattern, from, to);
         });
}

bool is_known_layer(const Table& table, std::string_view layer) {
  return row_of(table, layer) != nullptr;
}

bool is_allowed_place(const Restriction& restriction, std::string_view path) {
  return std::any_of(restriction.places.begin(), restriction.places.end(),
                     [path](const std::string& place) {
                       if (place == "*") return true;
                       if (place == "tests") return is_test(path);
                       return path.starts_with(place);
                     });
}

}  // namespace sluice::architecture
