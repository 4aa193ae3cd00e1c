#include "platform/kafka/producer.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstring>
#include <map>

#include "platform/core/mutex.h"
#include "platform/core/supervised_loop.h"
#include "platform/kafka/detail/client.h"
#include "platform/kafka/detail/errors.h"

namespace sluice::kafka {

using detail::Client;
using detail::ClientContext;

namespace {

constexpr int kPollMs = 100;
constexpr std::size_t kLongestTopic = 249;

// Counts the records whose report is due and lets flush() wait for the last one.
class InFlight {
 public:
  void add() { ++count_; }
  void remove() SLUICE_EXCLUDES(mutex_) {
    if (--count_ > 0) return;
    const MutexLock lock(mutex_);
    none_.notify_all();
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  bool wait_for_none(Deadline deadline) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (count_ > 0) {
      if (deadline.expired()) return false;
      none_.wait_until(mutex_, deadline);
    }
    return true;
  }

 private:
  std::atomic<std::size_t> count_{0};
  Mutex mutex_;
  ConditionVariable none_;
};

// What travels with a record as its opaque.
struct Pending {
  OnDelivery done;
  InFlight& in_flight;
};

// Once a client has failed fatally every error of it means just that, whatever its code.
Error make_error(rd_kafka_t* handle, rd_kafka_resp_err_t code, const char* words) {
  const bool fatal = rd_kafka_fatal_error(handle, nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
  return detail::make_error(fatal ? RD_KAFKA_RESP_ERR__FATAL : code, words);
}

Result<Delivery> to_delivery(rd_kafka_t* handle, const rd_kafka_message_t& message,
                             ClientContext& context) {
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    context.answered();
    return Delivery{message.partition, message.offset};
  }
  auto error = make_error(handle, message.err, rd_kafka_message_produce_errstr(&message));
  const bool written_perhaps =
      rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED;
  if (written_perhaps) error.kind = ErrorKind::kTimeout;
  error = context.explain(std::move(error), written_perhaps ? ClientContext::Sent::kPerhaps
                                                            : ClientContext::Sent::kNo);
  context.count_error("Produce", error);
  return error;
}

// noexcept: an exception must end here and not run through C frames.
void on_delivery(rd_kafka_t* handle, const rd_kafka_message_t* message, void* opaque) noexcept {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(message->_private));
  pending->done(to_delivery(handle, *message, *static_cast<ClientContext*>(opaque)));
  pending->in_flight.remove();
}

detail::HeadersHandle to_headers(Headers headers) {
  if (headers.empty()) return nullptr;
  detail::HeadersHandle handle(rd_kafka_headers_new(headers.size()));
  for (const auto& [name, value] : headers) {
    rd_kafka_header_add(handle.get(), name.data(), static_cast<ssize_t>(name.size()),
                        value ? value->data() : nullptr,
                        value ? static_cast<ssize_t>(value->size()) : 0);
  }
  return handle;
}

// The arguments of one rd_kafka_produceva. Refers to the record's bytes and to its own topic name.
class Arguments {
 public:
  explicit Arguments(const RecordToSend& record) {
    std::memcpy(topic_.data(), record.topic.data(), record.topic.size());
    next(RD_KAFKA_VTYPE_TOPIC).cstr = topic_.data();
    next(RD_KAFKA_VTYPE_MSGFLAGS).i = RD_KAFKA_MSG_F_COPY;
    if (record.partition) next(RD_KAFKA_VTYPE_PARTITION).i32 = *record.partition;
    if (record.timestamp) {
      next(RD_KAFKA_VTYPE_TIMESTAMP).i64 = record.timestamp->time_since_epoch().count();
    }
    if (record.key) bytes(RD_KAFKA_VTYPE_KEY, *record.key);
    if (record.value) bytes(RD_KAFKA_VTYPE_VALUE, *record.value);
  }

  void add_headers(rd_kafka_headers_t* headers) { next(RD_KAFKA_VTYPE_HEADERS).headers = headers; }
  void add_opaque(void* opaque) { next(RD_KAFKA_VTYPE_OPAQUE).ptr = opaque; }
  [[nodiscard]] const rd_kafka_vu_t* data() const { return values_.data(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  using Value = decltype(rd_kafka_vu_t::u);

  Value& next(rd_kafka_vtype_t type) {
    values_[size_].vtype = type;
    return values_[size_++].u;
  }
  // Empty is not null to Kafka: an empty view must not become a null pointer.
  void bytes(rd_kafka_vtype_t type, std::string_view view) {
    auto& memory = next(type).mem;
    memory.ptr = const_cast<char*>(view.data() == nullptr ? "" : view.data());
    memory.size = view.size();
  }

  std::array<char, kLongestTopic + 1> topic_{};
  std::array<rd_kafka_vu_t, 8> values_{};
  std::size_t size_ = 0;
};

}  // namespace

struct Producer::Impl {
  // One client and the topics it was asked to know; they end before it.
  struct Generation {
    std::unique_ptr<Client> client;
    Mutex mutex;
    std::map<std::string, detail::TopicHandle, std::less<>> topics SLUICE_GUARDED_BY(mutex);
  };

  explicit Impl(const ClientOptions& from) : options(from) {}
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<std::shared_ptr<Generation>> make_generation();
  std::shared_ptr<Generation> current() const SLUICE_EXCLUDES(mutex);
  void start(std::shared_ptr<Generation> first);
  Result<StepOutcome> run_once();
  Result<StepOutcome> replace(Generation& failed);
  Status warm_up_one(Generation& generation, const std::string& topic, Deadline deadline);

  ClientOptions options;
  InFlight in_flight;
  std::atomic<bool> fatal{false};
  mutable Mutex mutex;
  // Shared: a produce() that began before a replacement ends on the generation it began with.
  std::shared_ptr<Generation> generation SLUICE_GUARDED_BY(mutex);
  std::unique_ptr<SupervisedLoop> loop;
};

namespace {

// Fails what has not been delivered and serves those reports. False: some are still due.
bool drain(rd_kafka_t* handle, Deadline deadline) {
  rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  while (rd_kafka_outq_len(handle) > 0 && !deadline.expired()) rd_kafka_poll(handle, kPollMs);
  return rd_kafka_outq_len(handle) == 0;
}

}  // namespace

Producer::Impl::~Impl() {
  if (loop) {
    loop->request_stop();
    if (const auto last = current()) {
      const detail::QueueHandle queue(rd_kafka_queue_get_main(last->client->get()));
      rd_kafka_queue_yield(queue.get());
    }
    loop->join();
  }
  if (const auto last = current()) {
    drain(last->client->get(), Deadline::after(std::chrono::seconds{5}));
    const MutexLock lock(last->mutex);
    last->topics.clear();
  }
}

Result<std::shared_ptr<Producer::Impl::Generation>> Producer::Impl::make_generation() {
  auto context = std::make_unique<ClientContext>(options, ClientKind::kProducer);
  context->on_delivery = on_delivery;
  context->on_fatal = [this](std::string_view) { fatal = true; };
  auto made = std::make_shared<Generation>();
  SLUICE_TRY(made->client, Client::open(options, ClientKind::kProducer, std::move(context)));
  return made;
}

std::shared_ptr<Producer::Impl::Generation> Producer::Impl::current() const {
  const MutexLock lock(mutex);
  return generation;
}

void Producer::Impl::start(std::shared_ptr<Generation> first) {
  {
    const MutexLock lock(mutex);
    generation = std::move(first);
  }
  loop = std::make_unique<SupervisedLoop>(
      "kafka/producer", [this](const std::stop_token&) { return run_once(); },
      [logger = options.logger](const Error& error, std::chrono::milliseconds) {
        logger.error(error.message, {{"code", error.code}});
      });
}

Result<StepOutcome> Producer::Impl::run_once() {
  const auto now = current();
  rd_kafka_poll(now->client->get(), kPollMs);
  if (fatal) return replace(*now);
  return StepOutcome{};
}

// After a fatal error librdkafka takes no more records, so that after the drain nothing is left
// without its report.
Result<StepOutcome> Producer::Impl::replace(Generation& failed) {
  if (!drain(failed.client->get(), Deadline::after(std::chrono::seconds{10}))) {
    return detail::make_error(RD_KAFKA_RESP_ERR__FATAL, "the failed producer does not drain");
  }
  SLUICE_TRY(auto next, make_generation());
  {
    const MutexLock lock(failed.mutex);
    failed.topics.clear();
  }
  fatal = false;
  const MutexLock lock(mutex);
  generation = std::move(next);
  return StepOutcome{};
}

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Producer::~Producer() = default;

Result<std::unique_ptr<Producer>> Producer::open(const ClientOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  SLUICE_TRY(auto first, impl->make_generation());
  impl->start(std::move(first));
  return std::make_unique<Producer>(std::move(impl));
}

Status Producer::produce(const RecordToSend& record, OnDelivery done) {
  if (record.topic.empty() || record.topic.size() > kLongestTopic) {
    return detail::errors::invalid_argument(
        fmt::format("a topic's name has 1 to {} characters", kLongestTopic));
  }
  const auto now = impl_->current();
  auto headers = to_headers(record.headers);
  auto pending = std::make_unique<Pending>(Pending{std::move(done), impl_->in_flight});
  Arguments arguments(record);
  if (headers) arguments.add_headers(headers.get());
  arguments.add_opaque(pending.get());
  impl_->in_flight.add();
  const detail::ErrorHandle refused(
      rd_kafka_produceva(now->client->get(), arguments.data(), arguments.size()));
  if (!refused) {  // librdkafka owns both now
    [[maybe_unused]] const auto* sent_headers = headers.release();
    [[maybe_unused]] const auto* sent_pending = pending.release();
    return {};
  }
  impl_->in_flight.remove();
  auto error = make_error(now->client->get(), rd_kafka_error_code(refused.get()),
                          rd_kafka_error_string(refused.get()));
  now->client->context().count_error("Produce", error);
  return error;
}

Status Producer::warm_up(std::span<const std::string> topics, Deadline deadline) {
  const auto now = impl_->current();
  for (const auto& topic : topics) SLUICE_CHECK(impl_->warm_up_one(*now, topic, deadline));
  return {};
}

// The topic's handle is kept: librdkafka asks for the metadata of topics that it has handles of.
Status Producer::Impl::warm_up_one(Generation& now, const std::string& topic, Deadline deadline) {
  auto* handle = now.client->get();
  detail::TopicHandle made(rd_kafka_topic_new(handle, topic.c_str(), nullptr));
  if (!made) return detail::make_error(rd_kafka_last_error(), nullptr);
  const rd_kafka_metadata_t* raw = nullptr;
  const auto code =
      rd_kafka_metadata(handle, 0, made.get(), &raw, detail::to_timeout(deadline.remaining()));
  const detail::MetadataHandle metadata(raw);
  auto& context = now.client->context();
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return context.explain(detail::make_error(code, nullptr), ClientContext::Sent::kNo);
  }
  context.answered();
  for (const auto& found : std::span(metadata->topics, static_cast<std::size_t>(metadata->topic_cnt))) {
    if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      const auto words = fmt::format("{}: {}", topic, rd_kafka_err2str(found.err));
      return detail::make_error(found.err, words.c_str());
    }
  }
  const MutexLock lock(now.mutex);
  now.topics.insert_or_assign(topic, std::move(made));
  return {};
}

Status Producer::flush(Deadline deadline) {
  if (impl_->in_flight.wait_for_none(deadline)) return {};
  const auto words = fmt::format("{} records are not delivered yet", in_flight());
  return impl_->current()->client->context().explain(
      detail::make_error(RD_KAFKA_RESP_ERR__TIMED_OUT, words.c_str()), ClientContext::Sent::kPerhaps);
}

std::size_t Producer::in_flight() const { return impl_->in_flight.count(); }

std::optional<Error> Producer::trouble() const {
  return impl_->current()->client->context().last_failure();
}

void Producer::fail_fatally_for_test() {
  rd_kafka_test_fatal_error(impl_->current()->client->get(),
                            RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "raised by a test");
}

}  // namespace sluice::kafka
