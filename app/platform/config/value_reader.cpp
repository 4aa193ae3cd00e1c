#include "platform/config/value_reader.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "platform/config/references.h"
#include "platform/core/text.h"

namespace sluice::config {
namespace {

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

bool is_web_url(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) return text.size() > scheme.size() && text.find(' ') == std::string_view::npos;
  }
  return false;
}

bool is_database_url(std::string_view text) {
  return text.starts_with("postgresql://") || text.starts_with("postgres://") ||
         (text.find("://") == std::string_view::npos && text.find('=') != std::string_view::npos);
}

bool is_environment_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return text.size() <= 30 && text.front() != '-' && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

// In words what the form asks for; empty when `text` has it.
std::string_view expected_instead_of(StringForm form, const std::string& text) {
  switch (form) {
    case StringForm::kText:
    case StringForm::kInputFile: return "";
    case StringForm::kAddress: return is_address(text) ? "" : "a numeric IPv4 or IPv6 address";
    case StringForm::kWebUrl:
    case StringForm::kHookUrl: return is_web_url(text) ? "" : "an http:// or https:// address";
    case StringForm::kDatabaseUrl:
      return is_database_url(text) ? "" : "postgresql://user:password@host/name or libpq's key=value form";
    case StringForm::kEnvironment:
      return is_environment_name(text) ? "" : "a name of lower-case letters, digits and dashes";
  }
  return "";
}

// A database URL without a password is no secret, nor is a web address that ends with its host.
bool holds_secret(const Key& key, const std::string& text) {
  if (text.empty()) return false;
  if (key.form == StringForm::kHookUrl) return text.find('/', text.find("://") + 3) != std::string::npos;
  if (key.form != StringForm::kDatabaseUrl) return true;
  const std::size_t scheme = text.find("://");
  if (scheme == std::string::npos) return text.find("password") != std::string::npos;
  const std::string_view authority = std::string_view(text).substr(scheme + 3);
  const std::size_t at = authority.find('@');
  return (at != std::string_view::npos && authority.substr(0, at).find(':') != std::string_view::npos) ||
         text.find("password=") != std::string::npos;
}

}  // namespace

void ValueReader::read(const Key& key, const Given& given) {
  std::visit([&](const auto& place) { read_into(key, given, place); }, key.target(config_));
}

void ValueReader::read_into(const Key& key, const Given& given, std::string* place) {
  const std::string path(key.path);
  if (given.node.kind != text::Node::Kind::kString) return wrong_type(key, given, path, "a string");
  std::string text;
  if (!text_of(key, given, path, text)) return;
  if (!key.choices.empty() && !is_choice(key, given, path, text)) return;
  if (!is_well_formed(key, given, path, text)) return;
  const bool in_clear = given.node.spelling.find("${") == std::string::npos;
  if (key.secret && in_clear && holds_secret(key, text)) warn_of_clear_secret(given, path);
  *place = std::move(text);
}

void ValueReader::read_into(const Key& key, const Given& given, bool* place) {
  if (given.node.kind != text::Node::Kind::kBool) {
    return wrong_type(key, given, std::string(key.path), "true or false");
  }
  *place = given.node.boolean;
}

void ValueReader::read_into(const Key& key, const Given& given, std::vector<std::string>* place) {
  const std::string list(key.path);
  if (given.node.kind != text::Node::Kind::kList) {
    return wrong_type(key, given, list, "a list, such as [a, b]");
  }
  place->clear();
  for (std::size_t i = 0; i < given.node.items.size(); ++i) {
    const Given item{given.node.items[i], given.variable, given.is_default};
    const std::string path = fmt::format("{}[{}]", list, i);
    std::string text;
    if (item.node.kind != text::Node::Kind::kString) {
      wrong_type(key, item, path, "a string");
    } else if (text_of(key, item, path, text) && (key.choices.empty() || is_choice(key, item, path, text)) &&
               is_well_formed(key, item, path, text)) {
      if (std::find(place->begin(), place->end(), text) != place->end()) {
        problems_.push_back(problem_at(item, path, "duplicate", fmt::format("\"{}\" stands twice", text)));
      }
      place->push_back(std::move(text));
    }
  }
  if (given.node.items.size() < static_cast<std::size_t>(key.min)) {
    problems_.push_back(problem_at(given, list, "too-few", "must not be empty"));
  }
}

void ValueReader::read_into(const Key& key, const Given& given, Properties* place) {
  const std::string map(key.path);
  if (given.node.kind != text::Node::Kind::kMap) {
    return wrong_type(key, given, map, "a map, such as {name: value}");
  }
  place->clear();
  for (const text::Node::Entry& entry : given.node.entries) {
    const Given value{entry.value, given.variable, given.is_default};
    const std::string path = map + "." + printable(entry.key);
    if (!entry.value.is_scalar() || entry.value.kind == text::Node::Kind::kNull) {
      wrong_type(key, value, path, "a string, a number, true or false");
      continue;
    }
    std::string text = entry.value.spelling;
    if (entry.value.kind == text::Node::Kind::kString && !text_of(key, value, path, text)) continue;
    const bool in_clear = entry.value.spelling.find("${") == std::string::npos;
    if (names_a_secret(entry.key) && in_clear && !text.empty()) warn_of_clear_secret(value, path);
    place->emplace(entry.key, std::move(text));
  }
}

void ValueReader::read_into(const Key& key, const Given& given, const NumberTarget& place) {
  const std::string path(key.path);
  if (given.node.kind != text::Node::Kind::kInteger) {
    return wrong_type(key, given, path, "a whole number");
  }
  const std::int64_t value = given.node.integer;
  if (value < key.min || value > key.max) {
    problems_.push_back(problem_at(given, path, "range",
                                   fmt::format("must be between {} and {}, not {}", key.min, key.max, value)));
    return;
  }
  place.set(value);
}

void ValueReader::read_into(const Key& key, const Given& given, const ChoiceTarget& place) {
  const std::string path(key.path);
  if (given.node.kind != text::Node::Kind::kString) {
    return wrong_type(key, given, path, fmt::format("one of {}", fmt::join(key.choices, ", ")));
  }
  std::string text;
  if (!text_of(key, given, path, text) || !is_choice(key, given, path, text)) return;
  const auto choice = std::find(key.choices.begin(), key.choices.end(), text);
  place.set(static_cast<std::size_t>(choice - key.choices.begin()));
}

bool ValueReader::text_of(const Key& key, const Given& given, const std::string& path, std::string& text) {
  Expanded expanded = expand(given.node.spelling, source_);
  for (Expanded::Failure& failure : expanded.failures) {
    problems_.push_back(problem_at(given, path, "reference", std::move(failure.message), std::move(failure.fix)));
  }
  if (expanded.from_file) {
    config_.from_files.insert(std::holds_alternative<Properties*>(key.target(config_)) ? path
                                                                                      : std::string(key.path));
  }
  text = std::move(expanded.text);
  return expanded.failures.empty();
}

bool ValueReader::is_choice(const Key& key, const Given& given, const std::string& path,
                            const std::string& text) {
  if (std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end()) return true;
  const auto near = nearest(text, std::vector<std::string>(key.choices.begin(), key.choices.end()));
  problems_.push_back(problem_at(given, path, "choice",
                                 fmt::format("must be one of {}, not \"{}\"", fmt::join(key.choices, ", "),
                                             printable(text, 60)),
                                 near ? fmt::format("did you mean \"{}\"?", *near) : ""));
  return false;
}

bool ValueReader::is_well_formed(const Key& key, const Given& given, const std::string& path,
                                 std::string& text) {
  if (text.empty() && key.form != StringForm::kAddress && key.form != StringForm::kEnvironment) return true;
  if (key.form == StringForm::kInputFile) return find_input_file(given, path, text);
  const std::string_view expected =
      text.empty() ? std::string_view("set") : expected_instead_of(key.form, text);
  if (expected.empty()) return true;
  std::string message = fmt::format("must be {}", expected);
  if (!key.secret) message += fmt::format(", not \"{}\"", printable(text, 60));
  problems_.push_back(problem_at(given, path, "pattern", std::move(message)));
  return false;
}

// Beside the configuration file first, then in the working directory.
bool ValueReader::find_input_file(const Given& given, const std::string& path, std::string& text) {
  const std::string beside = beside_config(text, source_);
  if (source_.files->exists(beside)) {
    text = beside;
    return true;
  }
  if (given.is_default || source_.files->exists(text)) return true;
  problems_.push_back(problem_at(given, path, "file", fmt::format("the file {} does not exist", printable(text)),
                                 "give a path that is absolute, or relative to this configuration file"));
  return false;
}

// Says what was found only where that cannot be a secret.
void ValueReader::wrong_type(const Key& key, const Given& given, const std::string& path,
                             std::string_view expected) {
  const bool shown = !key.secret && !std::holds_alternative<Properties*>(key.target(config_));
  std::string message = fmt::format("must be {}", expected);
  if (shown) message += fmt::format(", not {}", given.node.describe());
  const bool quotable = expected == "a string" && given.node.is_scalar();
  problems_.push_back(problem_at(given, path, "type", std::move(message), quotable ? "quote it" : ""));
}

void ValueReader::warn_of_clear_secret(const Given& given, const std::string& path) {
  if (given.is_default || !given.variable.empty()) return;
  config_.warnings.push_back(problem_at(given, path, "clear-secret", "a secret stands in the file in clear text",
                                        "use ${env:NAME} or ${file:/path}"));
}

}  // namespace sluice::config
