// The idempotent producer: acks=all, no duplicates and no reordering by its own retries, compressed
// (gzip unless configured), and a report for every record that it took. Thread-safe.
//
// A fatal error of the idempotent producer (the broker lost its state) fails everything in flight;
// the producer then makes itself a new client and goes on. Until it has, produce() answers
// kafka.client-fatal (kUnavailable).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/client_config.h"
#include "platform/kafka/record.h"

namespace sluice::kafka {

struct Delivery {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
};

// Called exactly once for each record that produce() took, on the producer's own thread (or in its
// destructor). It must not block or throw; it may call produce(). kTimeout: the record may or may not
// have been written; any other error: it was not.
using OnDelivery = std::function<void(Result<Delivery>)>;

class Producer {
 public:
  struct Impl;  // opaque
  explicit Producer(std::unique_ptr<Impl> impl);

  // Opens no connection yet; fails on wrong properties only.
  static Result<std::unique_ptr<Producer>> open(const ClientOptions& options);
  // Drops what was not delivered: each of those reports kCancelled, or kTimeout when it was on its
  // way. Call flush() first.
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // Never blocks; copies the record. On an error `done` is not called: kafka.queue-full
  // (kUnavailable) when queue.buffering.max.messages or .max.kbytes are in flight,
  // kafka.message-too-large (kTooLarge) above message.max.bytes.
  Status produce(const RecordToSend& record, OnDelivery done);

  // Asks for the topics' leaders now. Without it the first record of a topic waits up to a second.
  // kafka.unknown-topic when there is none.
  Status warm_up(std::span<const std::string> topics, Deadline deadline);

  // Waits until every record taken so far and meanwhile has its report; kafka.timeout otherwise.
  Status flush(Deadline deadline);

  // Records that wait for their report.
  [[nodiscard]] std::size_t in_flight() const;
  // Why no broker answers, since the last record that was delivered; for readiness.
  [[nodiscard]] std::optional<Error> trouble() const;
  // Raises librdkafka's own fatal error, as a broker that lost the producer's state would.
  void fail_fatally_for_test();

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::kafka
