// What was declared of topics, in memory: nothing, unless a test puts it there.
#pragma once

#include "governance/domain/repository/topic_records.h"

namespace sluice::test {

class MemoryTopicRecords final : public governance::domain::TopicRecords {
 public:
  using Metadata = std::map<governance::domain::TopicName, governance::domain::TopicMetadata>;

  Result<Metadata> metadata_of(const governance::domain::EnvironmentName&,
                               std::span<const governance::domain::TopicName> names, Deadline) override {
    Metadata found;
    for (const auto& name : names) {
      if (const auto one = declared.find(name); one != declared.end()) found.insert(*one);
    }
    return found;
  }

  Metadata declared;
};

}  // namespace sluice::test
