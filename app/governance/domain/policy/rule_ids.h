// The public names of the rules, in the order in which a plan lists its violations.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sluice::governance::domain {

inline constexpr std::string_view kNamingPattern = "naming.pattern";
inline constexpr std::string_view kForbidPrefix = "forbid.prefix";
inline constexpr std::string_view kNamingReserved = "naming.reserved";
inline constexpr std::string_view kNamingCollision = "naming.collision";
inline constexpr std::string_view kReplicationFactorGuardrail = "guardrail.replication-factor";
inline constexpr std::string_view kMinInsyncGuardrail = "guardrail.min-insync-replicas";
inline constexpr std::string_view kRetentionGuardrail = "guardrail.retention";
inline constexpr std::string_view kCompressionGuardrail = "guardrail.compression";
inline constexpr std::string_view kPartitionsGuardrail = "guardrail.partitions";
inline constexpr std::string_view kPartitionsDecrease = "partitions.decrease";
inline constexpr std::string_view kPartitionsKeyedIncrease = "partitions.keyed-increase";
inline constexpr std::string_view kBrokerRejected = "broker.rejected";

inline constexpr std::array kRuleIds{
    kNamingPattern,
    kForbidPrefix,
    kNamingReserved,
    kNamingCollision,
    kReplicationFactorGuardrail,
    kMinInsyncGuardrail,
    kRetentionGuardrail,
    kCompressionGuardrail,
    kPartitionsGuardrail,
    kPartitionsDecrease,
    kPartitionsKeyedIncrease,
    kBrokerRejected,
};

// What Kafka itself cannot do; no exemption changes that.
inline constexpr std::array kNotExemptible{kNamingCollision, kPartitionsDecrease, kBrokerRejected};

constexpr std::size_t rule_rank(std::string_view id) {
  std::size_t rank = 0;
  while (rank < kRuleIds.size() && kRuleIds[rank] != id) ++rank;
  return rank;
}

}  // namespace sluice::governance::domain
