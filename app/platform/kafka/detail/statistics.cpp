#include "platform/kafka/detail/statistics.h"

#include <algorithm>
#include <utility>

namespace sluice::kafka::detail {

namespace {

double number(const Json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

const Json& child(const Json& object, const char* field) {
  static const Json kEmpty = Json::object();
  const auto found = object.find(field);
  return found != object.end() && found->is_object() ? *found : kEmpty;
}

}  // namespace

StatisticsMetrics::StatisticsMetrics(metrics::Registry& registry, std::string client)
    : client_(std::move(client)),
      sent_bytes_(registry.counter("kafka_client_sent_bytes_total", "Bytes sent to brokers.", {"client"})),
      received_bytes_(registry.counter("kafka_client_received_bytes_total",
                                       "Bytes received from brokers.", {"client"})),
      sent_messages_(registry.counter("kafka_client_sent_messages_total",
                                      "Records sent to brokers.", {"client"})),
      received_messages_(registry.counter("kafka_client_received_messages_total",
                                          "Records received from brokers.", {"client"})),
      connects_(registry.counter("kafka_client_connects_total", "Connections to brokers that were attempted.",
                                 {"client"})),
      queue_messages_(registry.gauge("kafka_client_queue_messages",
                                     "Records that wait for their delivery.", {"client"})),
      reply_queue_(registry.gauge("kafka_client_reply_queue_operations",
                                  "Operations that wait to be polled by the program.", {"client"})),
      round_trip_(registry.gauge("kafka_client_broker_rtt_seconds",
                                 "Average round trip to a broker.", {"client", "broker"})),
      waiting_requests_(registry.gauge("kafka_client_broker_requests_in_flight",
                                       "Requests that wait for a broker's answer.", {"client", "broker"})),
      lag_(registry.gauge("kafka_consumer_lag_records",
                          "Records between the stored offset and the end of the partition.",
                          {"client", "topic", "partition"})),
      fetch_queue_(registry.gauge("kafka_consumer_fetch_queue_records",
                                  "Records fetched ahead of the program.",
                                  {"client", "topic", "partition"})) {}

void StatisticsMetrics::observe(std::string_view json) {
  const auto document = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return;
  count(sent_bytes_, "tx_bytes", number(document, "tx_bytes"));
  count(received_bytes_, "rx_bytes", number(document, "rx_bytes"));
  count(sent_messages_, "txmsgs", number(document, "txmsgs"));
  count(received_messages_, "rxmsgs", number(document, "rxmsgs"));
  queue_messages_.with({client_}).set(number(document, "msg_cnt"));
  reply_queue_.with({client_}).set(number(document, "replyq"));
  observe_brokers(child(document, "brokers"));
  for (const auto& [topic, values] : child(document, "topics").items()) {
    for (const auto& [partition, counts] : child(values, "partitions").items()) {
      observe_partition(topic, partition, counts);
    }
  }
}

// The document holds totals since the client was made; a counter takes what was added since.
void StatisticsMetrics::count(metrics::Family<metrics::Counter>& family, std::string_view field, double total) {
  double& last = totals_.try_emplace(std::string(field)).first->second;
  family.with({client_}).inc(std::max(total - last, 0.0));
  last = total;
}

void StatisticsMetrics::observe_brokers(const Json& brokers) {
  double connects = 0;
  for (const auto& [name, values] : brokers.items()) connects += number(values, "connects");
  count(connects_, "connects", connects);
  for (const auto& [name, values] : brokers.items()) {
    const double id = number(values, "nodeid");
    if (id < 0) continue;  // a bootstrap address, not yet a broker
    const std::string broker = std::to_string(static_cast<int>(id));
    round_trip_.with({client_, broker}).set(number(child(values, "rtt"), "avg") / 1e6);
    waiting_requests_.with({client_, broker}).set(number(values, "waitresp_cnt"));
  }
}

// A partition that is not ours has a lag of -1 there: 0 here, so that sums over processes are right.
void StatisticsMetrics::observe_partition(const std::string& topic, const std::string& partition,
                                          const Json& values) {
  const bool internal_partition = partition == "-1";
  if (internal_partition || !values.contains("consumer_lag_stored")) return;
  lag_.with({client_, topic, partition}).set(std::max(number(values, "consumer_lag_stored"), 0.0));
  fetch_queue_.with({client_, topic, partition}).set(number(values, "fetchq_cnt"));
}

}  // namespace sluice::kafka::detail
