#include "governance/domain/policy/builtin_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/topic/config_value.h"
#include "governance/domain/policy/rule_ids.h"
#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

std::optional<Finding> internal_topic_untouched(const TopicChange& change) {
  if (!change.internal() || change.action() == PlannedAction::kNone) return std::nullopt;
  return Finding{"name", fmt::format("'{}' is one of Kafka's own topics", change.name().str()),
                 "Leave it out of the batch: Kafka manages it itself."};
}

// Kafka accepts this without a word, and then refuses every acks=all write.
std::optional<Finding> min_insync_within_replication(const TopicChange& change) {
  const auto value = change.config("min.insync.replicas");
  const auto replication_factor = change.replication_factor();
  if (!value || !replication_factor) return std::nullopt;
  const auto min_insync = config_number("min.insync.replicas", *value);
  if (!min_insync || *min_insync <= *replication_factor) return std::nullopt;
  return Finding{
      "min.insync.replicas",
      fmt::format("min.insync.replicas {} is above the replication factor {}: producers with "
                  "acks=all could never write",
                  *min_insync, *replication_factor),
      fmt::format("Set min.insync.replicas to at most {}, or raise replicationFactor.",
                  *replication_factor)};
}

std::optional<Finding> partitions_never_decrease(const TopicChange& change) {
  const auto before = change.partitions_before();
  const auto after = change.partitions();
  if (!before || !after || *after >= *before) return std::nullopt;
  return Finding{
      std::string(kPartitionsField),
      fmt::format("Kafka cannot lower partitions: {} has {}, the batch asks for {}",
                  change.name().str(), *before, *after),
      fmt::format("Keep {} partitions, or move the data to a new topic with {}.", *before, *after)};
}

bool is_compacted(std::optional<std::string_view> cleanup_policy) {
  if (!cleanup_policy) return false;
  const auto policies = config_list(*cleanup_policy);
  return std::find(policies.begin(), policies.end(), "compact") != policies.end();
}

bool is_keyed(const TopicChange& change) {
  const auto& tags = change.metadata().tags;
  return std::find(tags.begin(), tags.end(), kKeyedTag) != tags.end();
}

std::optional<Finding> keys_stay_on_their_partition(const TopicChange& change) {
  const auto before = change.partitions_before();
  const auto after = change.partitions();
  if (!before || !after || *after <= *before) return std::nullopt;
  const bool compacted = is_compacted(change.config_before("cleanup.policy")) ||
                         is_compacted(change.config("cleanup.policy"));
  if (!compacted && !is_keyed(change)) return std::nullopt;
  const auto groups = change.group_ids();
  return Finding{
      std::string(kPartitionsField),
      fmt::format("{}→{} partitions of a {} topic sends keys to other partitions than before; "
                  "consumer groups: {}",
                  *before, *after, compacted ? "compacted" : "keyed",
                  groups.empty() ? "none" : join(groups, ", ")),
      "Make sure that every producer and consumer group copes with keys that move, or create a "
      "new topic and migrate."};
}

Rule state_rule(std::string_view id, Severity severity, std::vector<std::string> reads,
                std::optional<Finding> (*check)(const TopicChange&), bool exemptible = true) {
  return Rule{std::string(id), {}, {severity, {}}, RuleSubject::kState, std::move(reads), check, exemptible};
}

}  // namespace

const std::vector<Rule>& builtin_rules() {
  static const std::vector<Rule> rules{
      {std::string(kNamingReserved),
       {},
       {Severity::kBlock, {}},
       RuleSubject::kOwnership,
       {},
       internal_topic_untouched,
       false},
      state_rule(kMinInsyncGuardrail, Severity::kBlock,
                 {"min.insync.replicas", std::string(kReplicationFactorField)},
                 min_insync_within_replication, false),
      state_rule(kPartitionsDecrease, Severity::kBlock, {std::string(kPartitionsField)},
                 partitions_never_decrease),
      state_rule(kPartitionsKeyedIncrease, Severity::kWarn,
                 {std::string(kPartitionsField), "cleanup.policy"}, keys_stay_on_their_partition),
  };
  return rules;
}

}  // namespace sluice::governance::domain
