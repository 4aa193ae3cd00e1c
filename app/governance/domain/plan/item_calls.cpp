#include "governance/domain/plan/item_calls.h"

#include <charconv>

namespace sluice::governance::domain {
namespace {

std::int32_t partitions_to_create(const PlannedItem& item) {
  if (item.intended.partitions) return *item.intended.partitions;
  const FieldDiff* diff = item.diff_of(kPartitionsField);
  std::int32_t by_default = 0;
  if (diff != nullptr && diff->new_value) {
    std::from_chars(diff->new_value->data(), diff->new_value->data() + diff->new_value->size(), by_default);
  }
  return by_default;
}

}  // namespace

CreateProbe create_of(const PlannedItem& item) {
  return {item.name, partitions_to_create(item), item.intended.replication_factor.value_or(0),
          item.intended.set};
}

CreateProbe existence_of(const TopicName& name) { return {name, 1, 0, {}}; }

// Only of a name that is free does Kafka say that it collides with another one, ask the cluster's own policy
// for new topics, or count brokers for its replicas. Any other refusal, above all that of a missing right,
// comes before it has looked for the name.
std::optional<bool> existence_in(const BrokerVerdict& verdict) {
  if (verdict.ok) return false;
  if (verdict.code == "TOPIC_ALREADY_EXISTS") return true;
  const bool is_free = verdict.words.find("collides with existing topic") != std::string::npos ||
                       verdict.code == "POLICY_VIOLATION" || verdict.code == "INVALID_REPLICATION_FACTOR";
  return is_free ? std::optional(false) : std::nullopt;
}

}  // namespace sluice::governance::domain
