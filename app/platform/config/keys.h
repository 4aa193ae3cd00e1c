// The one table of configuration keys. Parsing, overrides from the environment, `config print`, the
// JSON Schema and the page for users all come from it.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "platform/config/config.h"

namespace sluice::config {

// A number or duration of whatever type in Config, as a whole number.
struct NumberTarget {
  std::function<void(std::int64_t)> set;
  std::function<std::int64_t()> get;
};
// An enum in Config, as the index among the key's choices.
struct ChoiceTarget {
  std::function<void(std::size_t)> set;
  std::function<std::size_t()> get;
};
// Where a key's value lives in a Config; the alternative is the key's type.
using Target = std::variant<std::string*, bool*, std::vector<std::string>*, Properties*, NumberTarget,
                            ChoiceTarget>;

enum class StringForm : std::uint8_t {
  kText,
  kInputFile,    // a path to read: relative to the configuration file's folder, then to the working one
  kAddress,      // a numeric IPv4 or IPv6 address
  kWebUrl,       // http:// or https://
  kHookUrl,      // the same; what follows its host may be a secret
  kDatabaseUrl,  // postgresql:// or libpq's key=value form
  kEnvironment,  // lower-case letters, digits, dashes
};

struct Key {
  std::string path;  // "server.tls.key"; a `*` stands for any name: "clusters.*.properties"
  std::function<Target(Config&)> target = {};  // of a key without `*`
  // Of one with it: where the value of the entry with that name lives, and which names there are.
  std::function<Target(Config&, const std::string& name)> named_target = {};
  std::function<std::vector<std::string>(const Config&)> names = {};
  std::string_view description;  // one sentence for the page
  std::string_view development;  // defaults, as the file would spell them
  std::string_view production = {};  // empty = as in development
  std::span<const std::string_view> choices = {};  // of a choice, a string, or a list's items
  std::int64_t min = 0;
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  StringForm form = StringForm::kText;
  bool secret = false;

  [[nodiscard]] std::string_view default_for(Profile profile) const {
    return profile == Profile::kProduction && !production.empty() ? production : development;
  }
};

std::span<const Key> keys();
// The key with one of its names: "clusters.*.properties", "east" → "clusters.east.properties".
Key key_for_name(const Key& key, const std::string& name);
// The keys that `config` has, those with a `*` once for each name, an entry's keys together.
std::vector<Key> keys_of(const Config& config);
// What stands at the `*` of the key in this path; nothing when the path is not the key's.
std::optional<std::string> name_in(const Key& key, std::string_view path);
const Key* find_key(std::string_view path);
bool is_section(std::string_view path);
// Whether the path is an entry whose name the user chose: "clusters.east".
bool is_named_section(std::string_view path);
// The names directly below a section ("" = the top); "*" where any name may stand.
std::vector<std::string> names_below(std::string_view section);
// "server.tls.key" → "SLUICE_SERVER__TLS__KEY"
std::string variable_of(std::string_view path);

}  // namespace sluice::config
