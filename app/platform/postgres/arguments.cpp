#include "platform/postgres/arguments.h"

#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "platform/postgres/type_oids.h"

namespace sluice::postgres {
namespace {

Arguments::Argument encode(const sql::Value& value) {
  return std::visit(
      [](const auto& v) -> Arguments::Argument {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return {};
        } else if constexpr (std::is_same_v<T, bool>) {
          return {oid::kBool, false, v ? "t" : "f"};
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return {oid::kInt8, false, std::to_string(v)};
        } else if constexpr (std::is_same_v<T, double>) {
          return {oid::kFloat8, false, fmt::format("{}", v)};
        } else if constexpr (std::is_same_v<T, std::string>) {
          return {0, false, v};
        } else {
          return {oid::kBytea, true, v.data};
        }
      },
      value.storage());
}

}  // namespace

Result<Arguments> Arguments::from(const sql::Params& params) {
  SLUICE_CHECK(sql::check_params(params));
  Arguments arguments;
  for (const sql::Value& value : params.values()) arguments.add(value);
  return arguments;
}

Arguments& Arguments::add_binary(std::uint32_t type_oid, std::string bytes) {
  arguments_.push_back({type_oid, true, std::move(bytes)});
  return *this;
}

Arguments& Arguments::add(const sql::Value& value) {
  arguments_.push_back(encode(value));
  return *this;
}

std::string Arguments::signature() const {
  std::string signature;
  for (const Argument& argument : arguments_) signature += fmt::format("{},", argument.type);
  return signature;
}

}  // namespace sluice::postgres
