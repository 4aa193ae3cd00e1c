// What every Kafka client of ours is made from: librdkafka properties by their own names, our
// defaults beneath them, and a check that finds a wrong one before any connection is opened.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"

namespace sluice::kafka {

// librdkafka's property names (https://github.com/confluentinc/librdkafka, CONFIGURATION.md).
using Properties = std::map<std::string, std::string>;

enum class ClientKind : std::uint8_t { kAdmin, kProducer, kConsumer };

struct ClientOptions {
  Properties properties;       // "bootstrap.servers" is required
  std::string role;            // "relay", "sync", …: becomes client.id sluice/<role> and a label
  metrics::Registry& metrics;  // must outlive the client
  log::Logger logger = log::Logger::discard();
};

// Whether a client of this kind can be made from these properties: every name known to librdkafka,
// every value accepted by it, nothing overridden that our guarantees rest on. The error's problems
// name every wrong property (field "properties.<name>"). Opens no connection. Never shows a value
// of a secret property.
Status check_properties(ClientKind kind, const Properties& properties);

}  // namespace sluice::kafka
