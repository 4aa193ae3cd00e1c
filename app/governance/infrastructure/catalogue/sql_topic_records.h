// The metadata of the table governance_declarations, PostgreSQL or SQLite alike.
#pragma once

#include "governance/domain/repository/topic_records.h"
#include "platform/sql/database.h"

namespace sluice::governance::infrastructure {

class SqlTopicRecords final : public domain::TopicRecords {
 public:
  explicit SqlTopicRecords(sql::Database& database) : database_(database) {}

  Result<std::map<domain::TopicName, domain::TopicMetadata>> metadata_of(const domain::EnvironmentName& environment,
                                                                         std::span<const domain::TopicName> names,
                                                                         Deadline deadline) override;

 private:
  sql::Database& database_;
};

}  // namespace sluice::governance::infrastructure
