// What `sluice doctor` looks at: one check a line, each with what it saw and how to mend it.
#pragma once

#include <string>
#include <vector>

#include "platform/config/config.h"

namespace sluice::cli {

struct Finding {
  enum class State { kOk, kWarning, kFailed };
  std::string check;
  State state = State::kOk;
  std::string saw;
  std::string fix;
};

// Asks every dependency; blocks for at most a few seconds each.
std::vector<Finding> examine(const config::Config& config);

}  // namespace sluice::cli
