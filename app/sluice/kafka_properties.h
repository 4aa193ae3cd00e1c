// The properties of every Kafka client of this process: those of the file, beneath them what our own
// keys say.
#pragma once

#include "platform/config/config.h"
#include "platform/kafka/client_config.h"

namespace sluice {

inline kafka::Properties kafka_properties(const config::Kafka& config) {
  kafka::Properties properties = config.properties;
  properties.emplace("compression.type", config.compression);
  properties.emplace("statistics.interval.ms", std::to_string(config.statistics_interval.count()));
  return properties;
}

}  // namespace sluice
