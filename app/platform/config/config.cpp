#include "platform/config/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "platform/config/checks.h"
#include "platform/config/given.h"
#include "platform/config/keys.h"
#include "platform/config/value_reader.h"
#include "platform/core/assert.h"
#include "platform/text/yaml.h"

namespace sluice::config {
namespace {

Given default_of(const Key& key, Profile profile) {
  auto node = text::parse_yaml(key.default_for(profile));
  SLUICE_ASSERT(node.has_value());
  return Given{.node = *std::move(node), .variable = {}, .is_default = true};
}

// A file of nothing but comments is as good as none.
bool is_empty_document(const Error& error) {
  return error.problems.size() == 1 && error.problems[0].rule == "empty-document";
}

Status collect(const Source& source, GivenValues& values, std::vector<Problem>& problems) {
  const auto root = text::parse_yaml(source.text);
  if (root) {
    collect_file(*root, values, problems);
  } else if (!is_empty_document(root.error())) {
    return root.error();
  }
  collect_environment(source.environment, values, problems);
  return {};
}

// Every key, those with a `*` once for each name that is given somewhere below it.
std::vector<Key> keys_given(const GivenValues& values) {
  std::vector<Key> all;
  for (const Key& key : keys()) {
    if (!key.named_target) {
      all.push_back(key);
      continue;
    }
    const std::string section = key.path.substr(0, key.path.find('*'));
    std::set<std::string> names;
    for (auto value = values.lower_bound(section); value != values.end() && value->first.starts_with(section);
         ++value) {
      const std::string_view rest = std::string_view(value->first).substr(section.size());
      names.emplace(rest.substr(0, rest.find('.')));
    }
    for (const std::string& name : names) all.push_back(key_for_name(key, name));
  }
  return all;
}

Error invalid(const std::string& path, std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  std::string message = problems.size() == 1
                            ? "the configuration has a problem"
                            : fmt::format("the configuration has {} problems", problems.size());
  if (!path.empty()) message += fmt::format(" ({})", path);
  return Error{ErrorKind::kInvalid, "config.invalid", std::move(message),
               "mend them; `sluice config check` lists them all", std::move(problems)};
}

}  // namespace

bool Config::has_role(std::string_view role) const {
  return std::any_of(roles.begin(), roles.end(),
                     [&](const std::string& one) { return one == "all" || one == role; });
}

Result<Config> load(const Source& source) {
  GivenValues values;
  std::vector<Problem> problems;
  SLUICE_CHECK(collect(source, values, problems));

  Config config;
  ValueReader reader(source, config, problems);
  // The profile is the table's first key: the other defaults depend on it.
  for (const Key& key : keys_given(values)) {
    const auto given = values.find(key.path);
    reader.read(key, given == values.end() ? default_of(key, config.profile) : given->second);
  }
  // Rules over several keys would only repeat what is wrong with one of them.
  if (problems.empty()) check_together(config, values, problems);
  if (!problems.empty()) return invalid(source.path, std::move(problems));
  return config;
}

std::string describe_problems(const std::string& path, const std::vector<Problem>& problems) {
  std::string lines;
  for (const Problem& problem : problems) {
    if (problem.line > 0) lines += fmt::format("{}:{}:{}: ", path, problem.line, problem.column);
    if (!problem.field.empty()) lines += problem.field + ": ";
    lines += problem.message;
    if (!problem.fix.empty()) lines += fmt::format(" ({})", problem.fix);
    lines += '\n';
  }
  return lines;
}

}  // namespace sluice::config
