// Cheap invariants that stay on in release. Never for input from outside: that gets an Error.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace sluice::internal {
[[noreturn]] inline void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, expression);
  std::abort();
}
}  // namespace sluice::internal

#define SLUICE_ASSERT(expression) \
  ((expression) ? void(0) : ::sluice::internal::assertion_failed(#expression, __FILE__, __LINE__))
