// librdkafka's statistics document as metrics. One object for one client; observe() is called by one
// thread at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "platform/core/json.h"
#include "platform/metrics/registry.h"

namespace sluice::kafka::detail {

class StatisticsMetrics {
 public:
  StatisticsMetrics(metrics::Registry& registry, std::string client);
  void observe(std::string_view json);

 private:
  void count(metrics::Family<metrics::Counter>& family, std::string_view field, double total);
  void observe_brokers(const Json& brokers);
  void observe_partition(const std::string& topic, const std::string& partition, const Json& values);

  std::string client_;
  metrics::Family<metrics::Counter>& sent_bytes_;
  metrics::Family<metrics::Counter>& received_bytes_;
  metrics::Family<metrics::Counter>& sent_messages_;
  metrics::Family<metrics::Counter>& received_messages_;
  metrics::Family<metrics::Counter>& connects_;
  metrics::Family<metrics::Gauge>& queue_messages_;
  metrics::Family<metrics::Gauge>& reply_queue_;
  metrics::Family<metrics::Gauge>& round_trip_;
  metrics::Family<metrics::Gauge>& waiting_requests_;
  metrics::Family<metrics::Gauge>& lag_;
  metrics::Family<metrics::Gauge>& fetch_queue_;
  std::map<std::string, double, std::less<>> totals_;  // by field, as last seen
};

}  // namespace sluice::kafka::detail
