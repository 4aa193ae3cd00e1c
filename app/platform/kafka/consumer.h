// A member of a consumer group: cooperative rebalances, nothing committed or stored by itself. One
// thread uses it, the one that polls; only trouble() may be called from any thread.
//
// Poll at least every max.poll.interval.ms (5 minutes unless configured): rebalances, statistics and
// errors are served there and nowhere else.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/admin.h"
#include "platform/kafka/client_config.h"
#include "platform/kafka/record.h"

namespace sluice::kafka {

// Where reading of an assigned partition begins: the group's committed offset, or auto.offset.reset
// ("earliest" unless configured) when there is none.
inline constexpr std::int64_t kCommitted = -1000;

struct PartitionStart {
  TopicPartition partition;
  std::int64_t offset = kCommitted;
  bool paused = false;  // assigned, but nothing is fetched until resume()
};

// Called inside poll_batch(), assign() and close(). Must not block: while it runs the group waits.
class RebalanceListener {
 public:
  virtual ~RebalanceListener() = default;
  // New partitions, beside those already held. May set where each begins and that it starts paused.
  virtual void on_assigned(std::span<PartitionStart> partitions) = 0;
  // Given up in order. Records of them that this poll had already fetched are not handed out.
  virtual void on_revoked(std::span<const TopicPartition> partitions) = 0;
  // Taken away earlier: somebody else may be reading them already.
  virtual void on_lost(std::span<const TopicPartition> partitions) = 0;
};

// Records and their bytes. Views into it are valid as long as it lives, also after it moves.
class RecordBatch {
 public:
  struct Storage;  // opaque
  explicit RecordBatch(std::unique_ptr<Storage> storage);
  ~RecordBatch();
  RecordBatch(RecordBatch&&) noexcept;
  RecordBatch& operator=(RecordBatch&&) noexcept;

  [[nodiscard]] std::span<const Record> records() const;
  [[nodiscard]] bool empty() const { return records().empty(); }

 private:
  std::unique_ptr<Storage> storage_;
};

class Consumer {
 public:
  struct Impl;  // opaque
  explicit Consumer(std::unique_ptr<Impl> impl);

  // Opens no connection yet; fails on wrong properties only. "group.id" is required. The listener
  // must outlive the consumer.
  static Result<std::unique_ptr<Consumer>> open(const ClientOptions& options,
                                                RebalanceListener& listener);
  // Without close() the group waits for session.timeout.ms before it moves on.
  ~Consumer();
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  Status subscribe(std::span<const std::string> topics);
  // Reads exactly these, outside of the group's balancing.
  Status assign(std::span<const PartitionStart> partitions);

  // Waits for the first record until the deadline, then takes what is there, up to `most`. An empty
  // batch is no error; an error comes after the records that came before it.
  Result<RecordBatch> poll_batch(std::size_t most, Deadline deadline);

  // The offsets to commit next: each is that of the next record to read. Only for partitions that are
  // assigned.
  Status store(std::span<const CommittedOffset> next);
  // Commits what is stored. Nothing stored is no error.
  Status commit(Deadline deadline);

  Status pause(std::span<const TopicPartition> partitions);
  Status resume(std::span<const TopicPartition> partitions);
  // Records fetched before are not handed out any more.
  Status seek(std::span<const CommittedOffset> to, Deadline deadline);

  [[nodiscard]] std::vector<TopicPartition> assignment() const;
  // Why no broker answers, since the last record; for readiness.
  [[nodiscard]] std::optional<Error> trouble() const;

  // Revokes, then leaves the group. Nothing may be called after it but trouble().
  Status close(Deadline deadline);

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::kafka
