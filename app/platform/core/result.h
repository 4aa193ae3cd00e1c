// Result<T>: a value or an Error, with std::expected's names (g++ 12 has no std::expected).
// Reading the wrong side is a broken invariant and stops the process.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "platform/core/assert.h"
#include "platform/core/error.h"

namespace sluice {

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & {
    SLUICE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    SLUICE_ASSERT(has_value());
    return *std::get_if<0>(&state_);
  }
  T&& value() && { return std::move(value()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & {
    SLUICE_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  const Error& error() const& {
    SLUICE_ASSERT(!has_value());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && { return std::move(error()); }

  template <typename U>
  T value_or(U&& other) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(other));
  }

  // f: T -> Result<U>
  template <typename F>
  auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (!has_value()) return std::move(error());
    return std::forward<F>(f)(std::move(value()));
  }
  // f: T -> U
  template <typename F>
  auto transform(F&& f) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!has_value()) return std::move(error());
    return std::forward<F>(f)(std::move(value()));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const { SLUICE_ASSERT(has_value()); }
  Error& error() & {
    SLUICE_ASSERT(error_.has_value());
    return *error_;
  }
  const Error& error() const& {
    SLUICE_ASSERT(error_.has_value());
    return *error_;
  }
  Error&& error() && { return std::move(error()); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace sluice

#define SLUICE_CONCAT_INNER(a, b) a##b
#define SLUICE_CONCAT(a, b) SLUICE_CONCAT_INNER(a, b)
// SLUICE_TRY(auto rows, pool.query(…)): declares `rows`, or returns the error to the caller.
#define SLUICE_TRY(declaration, expression) \
  SLUICE_TRY_INNER(SLUICE_CONCAT(sluice_result_, __LINE__), declaration, expression)
#define SLUICE_TRY_INNER(result, declaration, expression) \
  auto result = (expression);                             \
  if (!result) return std::move(result).error();          \
  declaration = std::move(result).value()
// SLUICE_CHECK(status_expression): returns the error to the caller, if there is one.
#define SLUICE_CHECK(expression)                                       \
  do {                                                                 \
    if (auto sluice_status = (expression); !sluice_status)             \
      return std::move(sluice_status).error();                         \
  } while (false)
