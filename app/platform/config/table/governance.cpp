#include "platform/config/table/places.h"

namespace sluice::config::table {

// NOLINTNEXTLINE(readability-function-size): one table, no logic
std::vector<Key> governance_keys() {
  return {
    {.path = "governance.policies_file",
     .target = [](Config& c) -> Target { return &c.governance.policies_file; },
     .description = "The policy set that judges every change.",
     .development = "config/policies/default.yaml",
     .form = StringForm::kInputFile},
    {.path = "governance.topics_file",
     .target = [](Config& c) -> Target { return &c.governance.topics_file; },
     .description = "The batch that declares Sluice's own topics; `sluice doctor` reads it; empty = none.",
     .development = "\"\"",
     .form = StringForm::kInputFile},
    {.path = "governance.akhq_url",
     .target = [](Config& c) -> Target { return &c.governance.akhq_url; },
     .description = "AKHQ's address up to the cluster's name, for deep links in answers; empty = no links.",
     .development = "\"\"",
     .form = StringForm::kWebUrl},
    {.path = "governance.environments",
     .target = [](Config& c) -> Target { return &c.governance.environments; },
     .description = "Environments that this server governs, of those the policies know; batches for others are refused.",
     .development = "[dev, stg, prod]",
     .min = 1,
     .form = StringForm::kEnvironment},
    {.path = "governance.protected_environments",
     .target = [](Config& c) -> Target { return &c.governance.protected_environments; },
     .description = "Environments in which a change of policies, modes or exemptions needs an approval, too.",
     .development = "[prod]",
     .form = StringForm::kEnvironment},
    {.path = "governance.expected_cluster_id",
     .target = [](Config& c) -> Target { return &c.governance.expected_cluster_id; },
     .description = "Cluster id of `kafka.properties`: nothing is done on another one; empty = any.",
     .development = "\"\""},
    {.path = "governance.plan_retention_days",
     .target = [](Config& c) { return number(c.governance.plan_retention_days); },
     .description = "How long plans are kept; a preview of policies looks at the last 90 days.",
     .development = "90",
     .min = 90,
     .max = 36'500},
    {.path = "governance.max_groups",
     .target = [](Config& c) { return number(c.governance.max_groups); },
     .description = "Consumer groups that one plan asks Kafka about at most.",
     .development = "1000",
     .min = 1,
     .max = 100'000},
    {.path = "registry.url",
     .target = [](Config& c) -> Target { return &c.registry.url; },
     .description = "Address of a schema registry with Confluent's API; empty = none. `sluice doctor` asks it.",
     .development = "\"\"",
     .form = StringForm::kWebUrl},
  };
}

}  // namespace sluice::config::table
