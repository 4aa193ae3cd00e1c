// What a fuzz target says about an input: nothing, or that a property is broken (which stops it).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "platform/core/assert.h"
#include "platform/core/error.h"
#include "platform/core/result.h"
#include "platform/core/text.h"

namespace sluice::fuzz {

inline std::string_view as_text(const unsigned char* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// An answer to bad input is readable, bounded, and names a place in the text where there is one.
inline void expect_readable(const Error& error) {
  SLUICE_ASSERT(!error.code.empty() && !error.message.empty());
  SLUICE_ASSERT(is_valid_utf8(error.message) && is_valid_utf8(error.fix));
  SLUICE_ASSERT(error.problems.size() <= 1000);
  for (const Problem& problem : error.problems) {
    SLUICE_ASSERT(!problem.rule.empty() && problem.line >= 0 && problem.column >= 0);
    SLUICE_ASSERT(is_valid_utf8(problem.field) && is_valid_utf8(problem.message));
  }
}

}  // namespace sluice::fuzz
