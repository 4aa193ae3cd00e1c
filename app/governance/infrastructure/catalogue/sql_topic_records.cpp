#include "governance/infrastructure/catalogue/sql_topic_records.h"

#include "governance/infrastructure/catalogue/sql_declarations.h"

namespace sluice::governance::infrastructure {

Result<std::map<domain::TopicName, domain::TopicMetadata>> SqlTopicRecords::metadata_of(
    const domain::EnvironmentName& environment, std::span<const domain::TopicName> names, Deadline deadline) {
  using Found = std::map<domain::TopicName, domain::TopicMetadata>;
  if (names.empty()) return Found();
  return database_.transaction(
      [&](sql::Session& session) -> Result<Found> {
        SLUICE_TRY(auto declared, find_declarations(session, environment, names));
        Found found;
        for (auto& [name, one] : declared) found.emplace_hint(found.end(), name, std::move(one.metadata));
        return found;
      },
      {.deadline = deadline});
}

}  // namespace sluice::governance::infrastructure
