// The public names of the kinds of rules, in the order in which a plan lists its violations.
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
inline constexpr std::string_view kConfigBounds = "config.bounds";
inline constexpr std::string_view kConfigRequired = "config.required";
inline constexpr std::string_view kConfigForbidden = "config.forbidden";
inline constexpr std::string_view kConfigDefault = "config.default";
inline constexpr std::string_view kMetadataRequired = "metadata.required";
inline constexpr std::string_view kExpression = "expression";
inline constexpr std::string_view kDeleteProtected = "delete.protected";
inline constexpr std::string_view kDeleteHasData = "delete.has-data";
inline constexpr std::string_view kDeleteHasConsumers = "delete.has-consumers";
inline constexpr std::string_view kDeleteShare = "delete.share";
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
    kConfigBounds,
    kConfigRequired,
    kConfigForbidden,
    kConfigDefault,
    kMetadataRequired,
    kExpression,
    kDeleteProtected,
    kDeleteHasData,
    kDeleteHasConsumers,
    kDeleteShare,
    kPartitionsDecrease,
    kPartitionsKeyedIncrease,
    kBrokerRejected,
};

// What Kafka itself cannot do, and what no single topic is to blame for: no exemption changes that.
inline constexpr std::array kNotExemptible{kNamingCollision, kPartitionsDecrease, kBrokerRejected, kDeleteShare};

constexpr std::size_t rule_rank(std::string_view id) {
  std::size_t rank = 0;
  while (rank < kRuleIds.size() && kRuleIds[rank] != id) ++rank;
  return rank;
}

}  // namespace sluice::governance::domain
