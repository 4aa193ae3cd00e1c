// What the server tells about itself: metrics and one log line for each request. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "platform/http/router.h"
#include "platform/log/logger.h"
#include "platform/metrics/registry.h"

namespace sluice::http::serving {

// One request that has been answered.
struct Served {
  const Route* route = nullptr;  // null = none was found
  std::string_view method;
  std::string_view path;
  int status = 0;
  std::chrono::nanoseconds took{0};
  std::string_view request_id;
  std::string_view trace_id;
  std::string_view principal;
  std::string_view remote;
  std::string_view internal_error;  // empty unless a defect of ours answered
};

class Observer {
 public:
  Observer(metrics::Registry& registry, const Router& router, log::Logger logger);

  void served(const Served& request);
  metrics::Gauge& connections() { return connections_; }
  metrics::Gauge& in_flight() { return in_flight_; }

 private:
  static constexpr int kStatuses = 500;  // 100 to 599
  // The children of a route, found once: the families' own look-up takes a lock and copies labels.
  struct PerRoute {
    metrics::Histogram* duration = nullptr;
    std::array<std::atomic<metrics::Counter*>, kStatuses> requests{};
  };
  void count(const Served& request);

  metrics::Family<metrics::Counter>& requests_;
  metrics::Family<metrics::Histogram>& durations_;
  metrics::Gauge& connections_;
  metrics::Gauge& in_flight_;
  std::unordered_map<const Route*, std::unique_ptr<PerRoute>> routes_;
  log::Logger logger_;
};

}  // namespace sluice::http::serving
