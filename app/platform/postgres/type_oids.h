// The fixed OIDs of built-in types (pg_type.dat; they never change).
#pragma once

#include <cstdint>

namespace sluice::postgres::oid {

constexpr std::uint32_t kBool = 16;
constexpr std::uint32_t kBytea = 17;
constexpr std::uint32_t kInt8 = 20;
constexpr std::uint32_t kInt2 = 21;
constexpr std::uint32_t kInt4 = 23;
constexpr std::uint32_t kFloat4 = 700;
constexpr std::uint32_t kFloat8 = 701;

}  // namespace sluice::postgres::oid
