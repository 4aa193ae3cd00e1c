#include "platform/kafka/consumer.h"

#include <fmt/format.h>

#include <algorithm>

#include "platform/kafka/detail/client.h"
#include "platform/kafka/detail/errors.h"
#include "platform/kafka/detail/partition_list.h"
#include "platform/kafka/detail/record_storage.h"

namespace sluice::kafka {

using detail::Client;
using detail::ClientContext;

namespace {

// An end of a partition is switched off; anything else with an error is one.
bool is_error(const rd_kafka_message_t& message) { return message.err != RD_KAFKA_RESP_ERR_NO_ERROR; }

Status to_status(rd_kafka_resp_err_t code) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return detail::make_error(code, nullptr);
}

Status to_status(rd_kafka_error_t* raw) {
  const detail::ErrorHandle error(raw);
  if (!error) return {};
  return detail::make_error(*error);
}

}  // namespace

struct Consumer::Impl {
  Impl(RebalanceListener& rebalance_listener, const log::Logger& log)
      : listener(rebalance_listener), logger(log.module("kafka")) {}

  [[nodiscard]] rd_kafka_t* rk() const { return client->get(); }

  void on_rebalance(rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list);
  void take_over(const rd_kafka_topic_partition_list_t& list);
  void give_up(const rd_kafka_topic_partition_list_t& list);
  void log_failure(std::string_view what, const Status& status) const;
  Status pause(std::span<const PartitionStart> starts);

  // Up to `most` messages without their errors; the first error ends it and is kept.
  std::vector<detail::MessageHandle> collect(std::size_t most, Deadline deadline);
  void drop_revoked(std::vector<detail::MessageHandle>& messages);

  RebalanceListener& listener;
  log::Logger logger;
  std::unique_ptr<Client> client;
  std::vector<TopicPartition> revoked;  // during this poll
  std::optional<Error> kept_error;      // came after records that were handed out first
};

void Consumer::Impl::log_failure(std::string_view what, const Status& status) const {
  if (!status) logger.error(what, {{"code", status.error().code}, {"reason", status.error().message}});
}

// Without this callback a cooperative consumer would never leave its group.
void Consumer::Impl::on_rebalance(rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list) {
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    take_over(*list);
  } else {
    log_failure("rebalance", code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS ? Status() : to_status(code));
    give_up(*list);
  }
}

void Consumer::Impl::take_over(const rd_kafka_topic_partition_list_t& list) {
  std::vector<PartitionStart> starts;
  for (auto& partition : detail::to_partitions(&list)) starts.push_back({std::move(partition)});
  listener.on_assigned(starts);
  const auto chosen = detail::make_list(std::span<const PartitionStart>(starts));
  log_failure("assign", to_status(rd_kafka_incremental_assign(rk(), chosen.get())));
  log_failure("pause", pause(starts));
}

void Consumer::Impl::give_up(const rd_kafka_topic_partition_list_t& list) {
  const auto partitions = detail::to_partitions(&list);
  revoked.insert(revoked.end(), partitions.begin(), partitions.end());
  if (rd_kafka_assignment_lost(rk()) != 0) {
    listener.on_lost(partitions);
  } else {
    listener.on_revoked(partitions);
  }
  log_failure("unassign", to_status(rd_kafka_incremental_unassign(rk(), &list)));
}

Status Consumer::Impl::pause(std::span<const PartitionStart> starts) {
  std::vector<TopicPartition> paused;
  for (const auto& start : starts) {
    if (start.paused) paused.push_back(start.partition);
  }
  if (paused.empty()) return {};
  const auto list = detail::make_list(std::span<const TopicPartition>(paused));
  SLUICE_CHECK(to_status(rd_kafka_pause_partitions(rk(), list.get())));
  return detail::first_error(*list);
}

std::vector<detail::MessageHandle> Consumer::Impl::collect(std::size_t most, Deadline deadline) {
  std::vector<detail::MessageHandle> messages;
  revoked.clear();
  while (messages.size() < most) {
    const auto wait = messages.empty() ? deadline.remaining() : std::chrono::milliseconds{0};
    detail::MessageHandle message(rd_kafka_consumer_poll(rk(), detail::to_timeout(wait)));
    if (!message) {
      // A rebalance or statistics end a poll early, too.
      if (!messages.empty() || deadline.expired()) break;
      continue;
    }
    if (is_error(*message)) {
      kept_error = detail::make_error(message->err, rd_kafka_message_errstr(message.get()));
      break;
    }
    messages.push_back(std::move(message));
  }
  drop_revoked(messages);
  return messages;
}

// Their new owner reads them again from the committed offset.
void Consumer::Impl::drop_revoked(std::vector<detail::MessageHandle>& messages) {
  if (revoked.empty()) return;
  std::erase_if(messages, [&](const auto& message) {
    const char* topic = rd_kafka_topic_name(message->rkt);
    return std::ranges::any_of(revoked, [&](const TopicPartition& gone) {
      return gone.partition == message->partition && gone.topic == topic;
    });
  });
}

Consumer::Consumer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Consumer::~Consumer() = default;

Result<std::unique_ptr<Consumer>> Consumer::open(const ClientOptions& options,
                                                 RebalanceListener& listener) {
  auto impl = std::make_unique<Impl>(listener, options.logger);
  auto context = std::make_unique<ClientContext>(options, ClientKind::kConsumer);
  context->on_rebalance = [raw = impl.get()](auto code, auto* list) { raw->on_rebalance(code, list); };
  SLUICE_TRY(impl->client, Client::open(options, ClientKind::kConsumer, std::move(context)));
  // Statistics and errors come with the records, so that one poll serves all.
  SLUICE_CHECK(to_status(rd_kafka_poll_set_consumer(impl->rk())));
  return std::make_unique<Consumer>(std::move(impl));
}

Status Consumer::subscribe(std::span<const std::string> topics) {
  std::vector<TopicPartition> names;
  for (const auto& topic : topics) names.push_back({topic, RD_KAFKA_PARTITION_UA});
  const auto list = detail::make_list(std::span<const TopicPartition>(names));
  return to_status(rd_kafka_subscribe(impl_->rk(), list.get()));
}

Status Consumer::assign(std::span<const PartitionStart> partitions) {
  const auto list = detail::make_list(partitions);
  SLUICE_CHECK(to_status(rd_kafka_assign(impl_->rk(), list.get())));
  return impl_->pause(partitions);
}

Result<RecordBatch> Consumer::poll_batch(std::size_t most, Deadline deadline) {
  if (impl_->kept_error) {
    Error error = std::move(*impl_->kept_error);
    impl_->kept_error.reset();
    return error;
  }
  auto messages = impl_->collect(most, deadline);
  if (!messages.empty()) impl_->client->context().answered();
  if (messages.empty() && impl_->kept_error) return poll_batch(most, deadline);
  return RecordBatch(std::make_unique<RecordBatch::Storage>(std::move(messages)));
}

Status Consumer::store(std::span<const CommittedOffset> next) {
  const auto list = detail::make_list(next);
  const auto code = rd_kafka_offsets_store(impl_->rk(), list.get());
  SLUICE_CHECK(detail::first_error(*list));
  return to_status(code);
}

Status Consumer::commit(Deadline deadline) {
  const detail::QueueHandle queue(rd_kafka_queue_new(impl_->rk()));
  // librdkafka calls no callback here: the answer is an event on the queue.
  SLUICE_CHECK(to_status(rd_kafka_commit_queue(impl_->rk(), nullptr, queue.get(), nullptr, nullptr)));
  const detail::EventHandle event(
      rd_kafka_queue_poll(queue.get(), detail::to_timeout(deadline.remaining())));
  if (!event) {
    return impl_->client->context().explain(
        detail::make_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "OffsetCommit: no answer before the deadline"),
        ClientContext::Sent::kPerhaps);
  }
  const auto code = rd_kafka_event_error(event.get());
  if (code == RD_KAFKA_RESP_ERR__NO_OFFSET) return {};
  if (const auto* list = rd_kafka_event_topic_partition_list(event.get())) {
    SLUICE_CHECK(detail::first_error(*list));
  }
  return to_status(code);
}

Status Consumer::pause(std::span<const TopicPartition> partitions) {
  const auto list = detail::make_list(partitions);
  SLUICE_CHECK(to_status(rd_kafka_pause_partitions(impl_->rk(), list.get())));
  return detail::first_error(*list);
}

Status Consumer::resume(std::span<const TopicPartition> partitions) {
  const auto list = detail::make_list(partitions);
  SLUICE_CHECK(to_status(rd_kafka_resume_partitions(impl_->rk(), list.get())));
  return detail::first_error(*list);
}

Status Consumer::seek(std::span<const CommittedOffset> to, Deadline deadline) {
  const auto list = detail::make_list(to);
  SLUICE_CHECK(to_status(rd_kafka_seek_partitions(impl_->rk(), list.get(),
                                                  std::max(1, detail::to_timeout(deadline.remaining())))));
  return detail::first_error(*list);
}

std::vector<TopicPartition> Consumer::assignment() const {
  rd_kafka_topic_partition_list_t* raw = nullptr;
  rd_kafka_assignment(impl_->rk(), &raw);
  const detail::PartitionListHandle list(raw);
  auto partitions = detail::to_partitions(list.get());
  std::ranges::sort(partitions);
  return partitions;
}

std::optional<Error> Consumer::trouble() const { return impl_->client->context().last_failure(); }

Status Consumer::close(Deadline deadline) {
  constexpr std::chrono::milliseconds kSlice{50};
  const detail::QueueHandle queue(rd_kafka_queue_new(impl_->rk()));
  SLUICE_CHECK(to_status(rd_kafka_consumer_close_queue(impl_->rk(), queue.get())));
  while (rd_kafka_consumer_closed(impl_->rk()) == 0) {
    if (deadline.expired()) {
      return impl_->client->context().explain(
          detail::make_error(RD_KAFKA_RESP_ERR__TIMED_OUT, "the group was not left before the deadline"),
          ClientContext::Sent::kPerhaps);
    }
    const auto wait = std::min(deadline.remaining(), kSlice);
    const detail::EventHandle event(rd_kafka_queue_poll(queue.get(), detail::to_timeout(wait)));
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      impl_->on_rebalance(rd_kafka_event_error(event.get()),
                          rd_kafka_event_topic_partition_list(event.get()));
    }
  }
  return {};
}

}  // namespace sluice::kafka
