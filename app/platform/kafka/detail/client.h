// What every rd_kafka_t of ours has in common: its callbacks (log, error, statistics) with the memory
// of why the brokers could not be reached, and its life.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/mutex.h"
#include "platform/core/supervised_loop.h"
#include "platform/kafka/client_config.h"
#include "platform/kafka/detail/handles.h"
#include "platform/kafka/detail/statistics.h"

namespace sluice::kafka::detail {

// The opaque of one rd_kafka_t. Thread-safe: librdkafka calls on_log from any of its threads.
class ClientContext {
 public:
  ClientContext(const ClientOptions& options, ClientKind kind);

  void on_log(int level, std::string_view facility, std::string_view text);
  void on_error(rd_kafka_resp_err_t code, std::string_view reason) SLUICE_EXCLUDES(mutex_);
  void on_statistics(std::string_view json) { statistics_.observe(json); }

  // A broker answered: what went wrong before no longer explains anything.
  void answered() SLUICE_EXCLUDES(mutex_);
  // Why no broker answers, as far as librdkafka told: authentication and TLS before connections.
  [[nodiscard]] std::optional<Error> last_failure() const SLUICE_EXCLUDES(mutex_);
  // `error` as seen by a caller: a timeout whose reason is known becomes that reason. `sent` says
  // whether a broker may have got the request.
  enum class Sent : bool { kNo, kPerhaps };
  [[nodiscard]] Error explain(Error error, Sent sent) const;
  void count_error(std::string_view api, const Error& error);

  // Set before the handle is made; called on the thread that polls it.
  std::function<void(rd_kafka_resp_err_t, rd_kafka_topic_partition_list_t*)> on_rebalance;
  std::function<void(std::string_view reason)> on_fatal;
  void (*on_delivery)(rd_kafka_t*, const rd_kafka_message_t*, void* context) = nullptr;

  [[nodiscard]] std::string without_secrets(std::string_view text) const;

 private:
  log::Logger logger_;
  metrics::Family<metrics::Counter>& errors_;
  StatisticsMetrics statistics_;
  std::vector<std::string> secrets_;
  mutable Mutex mutex_;
  std::optional<Error> failure_ SLUICE_GUARDED_BY(mutex_);
  std::atomic<bool> failing_{false};  // so that answered() costs nothing for each record
};

// Owns one rd_kafka_t and its context. The destructor frees the handle, which joins librdkafka's
// threads: it may take as long as its last request.
class Client {
  struct Key {};  // only open() makes one

 public:
  static Result<std::unique_ptr<Client>> open(const ClientOptions& options, ClientKind kind,
                                              std::unique_ptr<ClientContext> context);
  Client(Key, std::unique_ptr<ClientContext> context, rd_kafka_t* handle)
      : context_(std::move(context)), handle_(handle) {}
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] rd_kafka_t* get() const { return handle_; }
  [[nodiscard]] ClientContext& context() const { return *context_; }

 private:
  std::unique_ptr<ClientContext> context_;
  rd_kafka_t* handle_;
};

// The thread that serves one client's callbacks. Ends within a poll of being destroyed, which must
// happen before the client's own end.
class PollLoop {
 public:
  PollLoop(Client& client, std::string name, const log::Logger& logger);
  ~PollLoop();
  PollLoop(const PollLoop&) = delete;
  PollLoop& operator=(const PollLoop&) = delete;

 private:
  QueueHandle queue_;
  SupervisedLoop loop_;
};

// librdkafka takes milliseconds as int.
int to_timeout(std::chrono::milliseconds wait);

}  // namespace sluice::kafka::detail
