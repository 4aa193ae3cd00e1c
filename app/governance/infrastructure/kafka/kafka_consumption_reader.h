// Who reads the topics of a real cluster.
#pragma once

#include "governance/domain/repository/consumption_reader.h"
#include "governance/infrastructure/kafka/read_groups.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

class KafkaConsumptionReader final : public domain::ConsumptionReader {
 public:
  KafkaConsumptionReader(kafka::Admin& admin, const GroupLimits& limits) : admin_(admin), limits_(limits) {}

  Result<domain::ConsumptionLook> look(std::span<const domain::TopicName> names, Deadline deadline,
                                       const std::stop_token& stop) override;

 private:
  kafka::Admin& admin_;
  GroupLimits limits_;
};

}  // namespace sluice::governance::infrastructure
