#include "platform/kafka/detail/client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "platform/core/text.h"
#include "platform/kafka/detail/conf.h"
#include "platform/kafka/detail/errors.h"

namespace sluice::kafka::detail {

namespace {

constexpr int kPollMs = 100;
constexpr std::size_t kShortestSecret = 4;  // shorter ones would blacken half of every line

ClientContext& context_of(void* opaque) { return *static_cast<ClientContext*>(opaque); }

void log_callback(const rd_kafka_t* handle, int level, const char* facility, const char* text) {
  auto* opaque = rd_kafka_opaque(handle);
  if (opaque != nullptr) context_of(opaque).on_log(level, facility, text);
}

void error_callback(rd_kafka_t* handle, int code, const char* reason, void* opaque) {
  auto& context = context_of(opaque);
  const auto err = static_cast<rd_kafka_resp_err_t>(code);
  if (err != RD_KAFKA_RESP_ERR__FATAL) {
    context.on_error(err, reason);
    return;
  }
  std::array<char, 512> text{};
  const auto cause = rd_kafka_fatal_error(handle, text.data(), text.size());
  const std::string words = fmt::format("{}: {}", rd_kafka_err2name(cause), text.data());
  context.on_error(err, words);
  if (context.on_fatal) context.on_fatal(words);
}

int statistics_callback(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
  context_of(opaque).on_statistics({json, size});
  return 0;  // librdkafka frees the text
}

void rebalance_callback(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* list,
                        void* opaque) {
  context_of(opaque).on_rebalance(code, list);
}

// The higher, the nearer to the cause.
int weight(const Error& error) {
  if (error.code == "kafka.authentication") return 3;
  if (error.code == "kafka.tls") return 2;
  return error.message.find("brokers are down") == std::string::npos ? 1 : 0;
}

// A peer that breaks off the handshake looks like any lost connection but for OpenSSL's words.
rd_kafka_resp_err_t refined(rd_kafka_resp_err_t code, std::string_view reason) {
  const bool handshake = reason.find("SSL routines") != std::string_view::npos;
  return code == RD_KAFKA_RESP_ERR__TRANSPORT && handshake ? RD_KAFKA_RESP_ERR__SSL : code;
}

// librdkafka names the property whose file it could not read, but not the file.
std::string with_values(std::string words, const Properties& properties) {
  for (const auto& [name, value] : properties) {
    if (words.find(name) != std::string::npos && !names_a_secret(name)) {
      words += fmt::format(" ({} is \"{}\")", name, printable(value));
    }
  }
  return words;
}

std::string_view kind_name(ClientKind kind) {
  switch (kind) {
    case ClientKind::kAdmin: return "admin";
    case ClientKind::kProducer: return "producer";
    case ClientKind::kConsumer: return "consumer";
  }
  return "client";
}

std::string client_label(const ClientOptions& options, ClientKind kind) {
  return options.role.empty() ? std::string(kind_name(kind)) : options.role;
}

}  // namespace

ClientContext::ClientContext(const ClientOptions& options, ClientKind kind)
    : logger_(options.logger.module("kafka").with({{"client", client_label(options, kind)}})),
      errors_(options.metrics.counter("kafka_api_errors_total",
                                      "Kafka calls and items of calls that failed.", {"api", "code"})),
      statistics_(options.metrics, client_label(options, kind)) {
  for (const auto& [name, value] : options.properties) {
    if (names_a_secret(name) && value.size() >= kShortestSecret) secrets_.push_back(value);
  }
}

std::string ClientContext::without_secrets(std::string_view text) const {
  std::string shown(text);
  for (const auto& secret : secrets_) {
    for (auto at = shown.find(secret); at != std::string::npos; at = shown.find(secret, at + 3)) {
      shown.replace(at, secret.size(), "***");
    }
  }
  return shown;
}

void ClientContext::on_log(int level, std::string_view facility, std::string_view text) {
  constexpr int kSyslogError = 3;
  constexpr int kSyslogWarning = 4;
  constexpr int kSyslogInfo = 6;
  const std::string line = without_secrets(text);
  if (level <= kSyslogError) {
    logger_.error(line, {{"facility", facility}});
  } else if (level == kSyslogWarning) {
    logger_.warn(line, {{"facility", facility}});
  } else if (level <= kSyslogInfo) {
    logger_.info(line, {{"facility", facility}});
  } else {
    logger_.debug(line, {{"facility", facility}});
  }
}

void ClientContext::on_error(rd_kafka_resp_err_t code, std::string_view reason) {
  auto error = make_error(refined(code, reason), without_secrets(reason).c_str());
  logger_.warn(error.message, {{"code", error.code}});
  MutexLock lock(mutex_);
  if (!failure_ || weight(error) >= weight(*failure_)) failure_ = std::move(error);
  failing_ = true;
}

void ClientContext::answered() {
  if (!failing_) return;
  MutexLock lock(mutex_);
  failure_.reset();
  failing_ = false;
}

std::optional<Error> ClientContext::last_failure() const {
  MutexLock lock(mutex_);
  return failure_;
}

Error ClientContext::explain(Error error, Sent sent) const {
  if (error.code != "kafka.timeout" && error.code != "kafka.unreachable") return error;
  const auto reason = last_failure();
  if (sent == Sent::kPerhaps) {
    if (reason) error.message += fmt::format("; the last thing heard: {}", reason->message);
    return error;
  }
  std::string code = reason ? reason->code : "kafka.unreachable";
  const bool explains = code == "kafka.authentication" || code == "kafka.tls";
  if (!explains) code = "kafka.unreachable";
  const std::string why = reason ? reason->message : "no broker answered";
  return Error{ErrorKind::kUnavailable, code, fmt::format("{}: {}", error.message, why),
               std::string(fix_for(code)), {}};
}

void ClientContext::count_error(std::string_view api, const Error& error) {
  errors_.with({api, error.code}).inc();
}

Result<std::unique_ptr<Client>> Client::open(const ClientOptions& options, ClientKind kind,
                                             std::unique_ptr<ClientContext> context) {
  Properties properties = options.properties;
  properties.try_emplace("client.id", "sluice/" + client_label(options, kind));
  SLUICE_TRY(auto conf, make_conf(kind, properties));
  rd_kafka_conf_set_opaque(conf.get(), context.get());
  rd_kafka_conf_set_log_cb(conf.get(), log_callback);
  rd_kafka_conf_set_error_cb(conf.get(), error_callback);
  rd_kafka_conf_set_stats_cb(conf.get(), statistics_callback);
  if (context->on_rebalance) rd_kafka_conf_set_rebalance_cb(conf.get(), rebalance_callback);
  if (context->on_delivery) rd_kafka_conf_set_dr_msg_cb(conf.get(), context->on_delivery);
  std::array<char, 512> text{};
  const auto type = kind == ClientKind::kConsumer ? RD_KAFKA_CONSUMER : RD_KAFKA_PRODUCER;
  rd_kafka_t* handle = rd_kafka_new(type, conf.get(), text.data(), text.size());
  if (handle == nullptr) {
    const auto words = with_values(context->without_secrets(text.data()), options.properties);
    return config_error({Problem{"properties", "not-usable", words,
                                 "check the files and the combination of the named properties", 0, 0}});
  }
  [[maybe_unused]] auto* taken_by_handle = conf.release();
  return std::make_unique<Client>(Key{}, std::move(context), handle);
}

Client::~Client() {
  // A consumer that was closed in time, or that we give up: never wait for the group here.
  rd_kafka_destroy_flags(handle_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

PollLoop::PollLoop(Client& client, std::string name, const log::Logger& logger)
    : queue_(rd_kafka_queue_get_main(client.get())),
      loop_(
          std::move(name),
          [handle = client.get()](const std::stop_token&) -> Result<StepOutcome> {
            rd_kafka_poll(handle, kPollMs);
            return StepOutcome{};
          },
          [logger](const Error& error, std::chrono::milliseconds) {
            logger.error(error.message, {{"code", error.code}});
          }) {}

PollLoop::~PollLoop() {
  loop_.request_stop();
  rd_kafka_queue_yield(queue_.get());
}

int to_timeout(std::chrono::milliseconds wait) {
  return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, std::numeric_limits<int>::max()));
}

}  // namespace sluice::kafka::detail
