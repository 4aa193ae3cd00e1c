// What the file and the environment say, key by key, before any of it has a type.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "platform/config/source.h"
#include "platform/core/error.h"
#include "platform/text/node.h"

namespace sluice::config {

struct Given {
  text::Node node;
  std::string variable;  // empty = from the file, or a default
  bool is_default = false;
};

using GivenValues = std::map<std::string, Given, std::less<>>;

// The problem of a value: at its place in the file, or naming its variable.
Problem problem_at(const Given& given, std::string path, std::string rule, std::string message,
                   std::string fix = "");

// Unknown keys become problems that name the nearest known one.
void collect_file(const text::Node& root, GivenValues& values, std::vector<Problem>& problems);

// SLUICE_SECTION__KEY overrides; other variables are not ours, but SLUICE_… with `__` must be known.
void collect_environment(const Environment& environment, GivenValues& values,
                         std::vector<Problem>& problems);

}  // namespace sluice::config
