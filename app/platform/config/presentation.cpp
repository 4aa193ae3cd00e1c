#include "platform/config/presentation.h"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "platform/config/keys.h"
#include "platform/core/text.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"

namespace sluice::config {
namespace {

constexpr std::string_view kMask = "***";

// "https://user:password@host" → "https://user:***@host"; hides too much rather than too little.
std::string without_password(const std::string& text) {
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text;
  const std::size_t start = scheme + 3;
  const std::size_t at = text.rfind('@');
  const std::size_t colon = text.find(':', start);
  if (at == std::string::npos || at < start || colon > at) return text;
  return text.substr(0, colon + 1) + std::string(kMask) + text.substr(at);
}

// A JSON string is a YAML string, too.
std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string shown(const std::string& text, bool hidden) {
  return quoted(hidden && !text.empty() ? std::string(kMask) : without_password(text));
}

std::string list_value(const std::vector<std::string>& items, bool hidden) {
  std::vector<std::string> values;
  for (const std::string& item : items) values.push_back(shown(item, hidden));
  return fmt::format("[{}]", join(values, ", "));
}

std::string map_value(const Key& key, const Properties& properties, const Config& config) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : properties) {
    const bool hidden = names_a_secret(name) || config.from_files.contains(fmt::format("{}.{}", key.path, name));
    entries.push_back(fmt::format("{}: {}", quoted(name), shown(value, hidden)));
  }
  return fmt::format("{{{}}}", join(entries, ", "));
}

std::string value_of(const Key& key, Config& config) {
  const bool hidden = key.secret || config.from_files.contains(key.path);
  return std::visit(
      [&](const auto& place) -> std::string {
        using Place = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<Place, std::string*>) {
          return shown(*place, hidden);
        } else if constexpr (std::is_same_v<Place, bool*>) {
          return *place ? "true" : "false";
        } else if constexpr (std::is_same_v<Place, std::vector<std::string>*>) {
          return list_value(*place, hidden);
        } else if constexpr (std::is_same_v<Place, Properties*>) {
          return map_value(key, *place, config);
        } else if constexpr (std::is_same_v<Place, NumberTarget>) {
          return fmt::format("{}", place.get());
        } else {
          return std::string(key.choices[place.get()]);
        }
      },
      key.target(config));
}

// The type of a key is that of its place, whatever the name.
Target any_target(const Key& key, Config& config) {
  return key.named_target ? key.named_target(config, "name") : key.target(config);
}

Json choices_of(const Key& key) {
  Json choices = Json::array();
  for (const std::string_view choice : key.choices) choices.push_back(choice);
  return choices;
}

Json string_schema(const Key& key) {
  Json schema{{"type", "string"}};
  // A reference may stand for a choice, so an editor must not insist on the words.
  if (!key.choices.empty()) {
    schema = Json{{"anyOf", Json::array({Json{{"enum", choices_of(key)}},
                                         Json{{"type", "string"}, {"pattern", "\\$\\{(env|file):"}}})}};
  }
  if (key.secret) schema["writeOnly"] = true;
  return schema;
}

Json number_schema(const Key& key) {
  return Json{{"type", "integer"}, {"minimum", key.min}, {"maximum", key.max}};
}

Json list_schema(const Key& key) {
  return Json{{"type", "array"}, {"items", string_schema(key)}, {"minItems", key.min}, {"uniqueItems", true}};
}

Json map_schema() {
  const Json scalar{{"type", Json::array({"string", "number", "boolean"})}};
  return Json{{"type", "object"}, {"additionalProperties", scalar}};
}

Json type_schema(const Key& key) {
  Config config;
  return std::visit(
      [&](const auto& place) -> Json {
        using Place = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<Place, bool*>) {
          return Json{{"type", "boolean"}};
        } else if constexpr (std::is_same_v<Place, std::vector<std::string>*>) {
          return list_schema(key);
        } else if constexpr (std::is_same_v<Place, Properties*>) {
          return map_schema();
        } else if constexpr (std::is_same_v<Place, NumberTarget>) {
          return number_schema(key);
        } else {
          return string_schema(key);
        }
      },
      any_target(key, config));
}

Json key_schema(const Key& key) {
  Json schema = type_schema(key);
  // An empty key is as good as none, and an empty section as well.
  if (schema.contains("type")) schema["type"] = Json::array({schema["type"], "null"});
  schema["description"] = key.description;
  if (const auto value = text::parse_yaml(key.development)) schema["default"] = text::to_json(*value);
  return schema;
}

Json section_schema(const std::string& section);

Json entries_schema(const std::string& entry) {
  return Json{{"type", Json::array({"object", "null"})},
              {"propertyNames", {{"pattern", "^[a-z0-9_][a-z0-9_-]{0,29}$"}}},
              {"additionalProperties", section_schema(entry)}};
}

Json section_schema(const std::string& section) {
  Json properties = Json::object();
  for (const std::string& name : names_below(section)) {
    const std::string path = section.empty() ? name : section + "." + name;
    if (name == "*") return entries_schema(path);
    const Key* key = find_key(path);
    properties[name] = key != nullptr ? key_schema(*key) : section_schema(path);
  }
  return Json{{"type", Json::array({"object", "null"})},
              {"additionalProperties", false},
              {"properties", std::move(properties)}};
}

std::string table_cell(std::string_view text) { return text == "\"\"" ? "" : fmt::format("`{}`", text); }

std::string limits_of(const Key& key) {
  if (!key.choices.empty()) {
    return fmt::format("{}", fmt::join(key.choices, ", "));
  }
  Config config;
  return std::visit(
      [&](const auto& place) -> std::string {
        using Place = std::decay_t<decltype(place)>;
        if constexpr (std::is_same_v<Place, bool*>) {
          return "true, false";
        } else if constexpr (std::is_same_v<Place, std::vector<std::string>*>) {
          return "list";
        } else if constexpr (std::is_same_v<Place, Properties*>) {
          return "map";
        } else if constexpr (std::is_same_v<Place, NumberTarget>) {
          return fmt::format("{} to {}", key.min, key.max);
        } else {
          return key.secret ? "string, secret" : "string";
        }
      },
      any_target(key, config));
}

}  // namespace

std::string print(const Config& config) {
  Config shown_config = config;
  std::string text;
  std::vector<std::string> open;  // the sections that the last line stands in
  for (const Key& key : keys_of(config)) {
    std::vector<std::string> path = split(key.path, '.');
    const std::string name = path.back();
    path.pop_back();
    std::size_t common = 0;
    while (common < std::min(open.size(), path.size()) && open[common] == path[common]) ++common;
    for (std::size_t i = common; i < path.size(); ++i) {
      text += fmt::format("{}{}:\n", std::string(2 * i, ' '), path[i]);
    }
    open = std::move(path);
    text += fmt::format("{}{}: {}\n", std::string(2 * open.size(), ' '), name, value_of(key, shown_config));
  }
  return text;
}

Json schema() {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "The configuration of Sluice"}};
  schema.update(section_schema(""));
  return schema;
}

std::string markdown_table() {
  std::string table =
      "| Key | Default | In production | Values | Meaning |\n"
      "|---|---|---|---|---|\n";
  for (const Key& key : keys()) {
    table += fmt::format("| `{}` | {} | {} | {} | {} |\n", key.path, table_cell(key.development),
                         key.production.empty() ? "" : table_cell(key.production), limits_of(key),
                         key.description);
  }
  return table;
}

}  // namespace sluice::config
