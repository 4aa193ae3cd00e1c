#include "platform/config/given.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "platform/config/keys.h"
#include "platform/core/text.h"
#include "platform/text/yaml.h"

namespace sluice::config {
namespace {

constexpr std::size_t kShown = 80;  // bytes of an unknown name

std::string join_path(const std::string& section, const std::string& name) {
  return section.empty() ? name : section + "." + name;
}

// "prot" in server → "port"; "port" at the top → "server.port" or another key that ends so.
std::string hint_for(const std::string& section, const std::string& name) {
  const auto siblings = names_below(section);
  if (const auto near = nearest(name, siblings)) {
    return fmt::format("did you mean \"{}\"?", join_path(section, *near));
  }
  for (const Key& key : keys()) {
    if (key.path.ends_with("." + name)) return fmt::format("did you mean \"{}\"?", key.path);
  }
  return fmt::format("known here: {}", join(siblings, ", "));
}

// A name that the user chose becomes part of paths, variables, metrics and log lines.
bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 30 && name.front() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

bool check_named_section(const Given& given, const std::string& path, const std::string& name,
                         std::vector<Problem>& problems) {
  if (!is_name(name)) {
    problems.push_back(problem_at(given, printable(path, kShown), "pattern",
                                  "a name has 1 to 30 lower-case letters, digits, dashes and underscores"));
    return false;
  }
  const bool empty = given.node.kind == text::Node::Kind::kNull ||
                     (given.node.kind == text::Node::Kind::kMap && given.node.entries.empty());
  if (!empty) return true;
  problems.push_back(problem_at(given, path, "empty", "must not be empty",
                                fmt::format("known here: {}", join(names_below(path), ", "))));
  return false;
}

void collect_section(const text::Node& map, const std::string& section, GivenValues& values,
                     std::vector<Problem>& problems) {
  for (const text::Node::Entry& entry : map.entries) {
    const std::string path = join_path(section, entry.key);
    const Given given{.node = entry.value, .variable = {}};
    if (find_key(path) != nullptr) {
      if (entry.value.kind != text::Node::Kind::kNull) values.emplace(path, given);
    } else if (is_named_section(path) && !check_named_section(given, path, entry.key, problems)) {
      continue;
    } else if (!entry.key.empty() && is_section(path)) {
      if (entry.value.kind == text::Node::Kind::kMap) {
        collect_section(entry.value, path, values, problems);
      } else if (entry.value.kind != text::Node::Kind::kNull) {
        problems.push_back(problem_at(given, path, "type",
                                      fmt::format("must be a map, not {}", entry.value.describe()),
                                      fmt::format("known here: {}", join(names_below(path), ", "))));
      }
    } else {
      Given place;
      place.node.mark = entry.mark;
      problems.push_back(problem_at(place, join_path(section, printable(entry.key, kShown)), "unknown-key",
                                    "there is no such key", hint_for(section, entry.key)));
    }
  }
}

// Strings and choices take the text as it is; everything else reads like YAML in the file.
bool takes_text(const Key& key) {
  Config config;
  const Target target = key.named_target ? key.named_target(config, "name") : key.target(config);
  return std::holds_alternative<std::string*>(target) || std::holds_alternative<ChoiceTarget>(target);
}

// "SLUICE_CLUSTERS__EAST__PROPERTIES" → "clusters.east.properties"
std::string path_of(const std::string& variable) {
  std::string path;
  for (const std::string_view rest = std::string_view(variable).substr(std::string_view("SLUICE_").size());
       const char c : rest) {
    path.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  for (std::size_t at = path.find("__"); at != std::string::npos; at = path.find("__")) path.replace(at, 2, ".");
  return path;
}

void collect_variable(const Key& key, const std::string& path, const std::string& name, const std::string& value,
                      GivenValues& values, std::vector<Problem>& problems) {
  Given given{.node = {}, .variable = name};
  if (!is_valid_utf8(value)) {
    problems.push_back(problem_at(given, path, "encoding", "is not UTF-8"));
    return;
  }
  if (takes_text(key)) {
    given.node.kind = text::Node::Kind::kString;
    given.node.spelling = value;
  } else {
    auto node = text::parse_yaml(value);
    if (!node) {
      // Lines and columns of a variable's value would pass for the file's.
      const auto& wrong = node.error().problems;
      problems.push_back(problem_at(given, path, "type",
                                    wrong.empty() ? node.error().message : wrong[0].message,
                                    node.error().fix));
      return;
    }
    given.node = *std::move(node);
  }
  values.insert_or_assign(path, std::move(given));
}

void report_unknown_variable(const std::string& name, std::vector<Problem>& problems) {
  std::vector<std::string> names;
  for (const Key& key : keys()) names.push_back(variable_of(key.path));
  const auto near = nearest(name, names);
  const std::string shown = is_valid_utf8(name) ? printable(name, kShown) : "SLUICE_… (not UTF-8)";
  problems.push_back(Problem{.field = "",
                             .rule = "unknown-variable",
                             .message = fmt::format("the environment variable {} names no key", shown),
                             .fix = near ? fmt::format("did you mean {}?", *near)
                                         : "`sluice config schema` lists all keys"});
}

}  // namespace

Problem problem_at(const Given& given, std::string path, std::string rule, std::string message,
                   std::string fix) {
  if (!given.variable.empty()) message += fmt::format(" (environment variable {})", given.variable);
  const bool in_file = given.variable.empty() && !given.is_default;
  return Problem{.field = std::move(path),
                 .rule = std::move(rule),
                 .message = std::move(message),
                 .fix = std::move(fix),
                 .line = in_file ? given.node.mark.line : 0,
                 .column = in_file ? given.node.mark.column : 0};
}

void collect_file(const text::Node& root, GivenValues& values, std::vector<Problem>& problems) {
  if (root.kind == text::Node::Kind::kMap) {
    collect_section(root, "", values, problems);
  } else {
    problems.push_back(problem_at({.node = root, .variable = {}}, "", "type",
                                  fmt::format("the configuration must be a map, not {}", root.describe()),
                                  fmt::format("known here: {}", join(names_below(""), ", "))));
  }
}

void collect_environment(const Environment& environment, GivenValues& values,
                         std::vector<Problem>& problems) {
  for (const auto& variable : environment) {
    const std::string& name = variable.first;
    if (!name.starts_with("SLUICE_")) continue;
    const std::string path = path_of(name);
    const Key* key = find_key(path);
    if (key != nullptr && path.find('*') == std::string::npos && variable_of(path) == name) {
      collect_variable(*key, path, name, variable.second, values, problems);
    } else if (name.find("__") != std::string::npos) {
      report_unknown_variable(name, problems);
    }
  }
}

}  // namespace sluice::config
