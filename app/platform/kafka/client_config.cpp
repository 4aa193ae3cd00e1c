#include "platform/kafka/client_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

#include "platform/core/text.h"
#include "platform/kafka/detail/conf.h"

namespace sluice::kafka {

namespace {

using detail::ConfHandle;

struct Default {
  std::string_view name;
  std::string_view value;
};

constexpr Default kCommonDefaults[] = {
    {"socket.keepalive.enable", "true"},
    {"socket.nagle.disable", "true"},
    {"reconnect.backoff.max.ms", "2000"},
    {"log.connection.close", "false"},  // a broker closing an idle connection is no news
    {"statistics.interval.ms", "5000"},
};

constexpr Default kProducerDefaults[] = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"compression.codec", "gzip"},
    {"message.timeout.ms", "30000"},
    // Java's clients hash keys this way: one key is in one partition, whoever writes it.
    {"partitioner", "murmur2_random"},
};

constexpr Default kConsumerDefaults[] = {
    {"enable.auto.commit", "false"},
    {"enable.auto.offset.store", "false"},
    {"partition.assignment.strategy", "cooperative-sticky"},
    {"auto.offset.reset", "earliest"},
    {"check.crcs", "true"},
    // The default of 1 s stalls the fetcher of a compressed topic each time its queue is full.
    {"fetch.queue.backoff.ms", "10"},
};

// What our guarantees rest on. `allowed` lists the values that change nothing.
struct Fixed {
  std::string_view name;
  std::array<std::string_view, 2> allowed;
  std::string_view reason;
};

constexpr Fixed kFixed[] = {
    {"enable.auto.commit", {"false"}, "offsets are stored only after their effect is committed"},
    {"enable.auto.offset.store", {"false"}, "offsets are stored only after their effect is committed"},
    {"partition.assignment.strategy", {"cooperative-sticky"}, "the rebalance protocol is incremental"},
    {"group.protocol", {"classic"}, "the rebalance protocol is incremental and classic"},
    {"enable.partition.eof", {"false"}, "the end of a partition is not a record"},
    {"enable.idempotence", {"true"}, "without it a retry may duplicate or reorder records"},
    {"acks", {"all", "-1"}, "a record counts as written only when every in-sync replica has it"},
    {"request.required.acks", {"all", "-1"}, "a record counts as written only when every in-sync replica has it"},
    {"delivery.report.only.error", {"false"}, "every record's caller waits for its own report"},
    {"transactional.id", {}, "the commit point is the database, not a Kafka transaction"},
    {"allow.auto.create.topics", {"false"}, "topics are made by an applied plan only"},
    {"log.queue", {"false"}, "logs go to the program's own logger"},
    {"enabled_events", {"0"}, "events are served by callbacks"},
    {"plugin.library.paths", {}, "no foreign code is loaded"},
    {"test.mock.num.brokers", {"0"}, "a mock cluster is no Kafka"},
};

const Fixed* fixed_otherwise(std::string_view name, std::string_view value) {
  const auto* found = std::ranges::find(kFixed, name, &Fixed::name);
  if (found == std::end(kFixed)) return nullptr;
  const bool allowed = !value.empty() && std::ranges::find(found->allowed, value) != found->allowed.end();
  return allowed ? nullptr : found;
}

std::span<const Default> own_defaults(ClientKind kind) {
  switch (kind) {
    case ClientKind::kAdmin: return {};
    case ClientKind::kProducer: return kProducerDefaults;
    case ClientKind::kConsumer: return kConsumerDefaults;
  }
  return {};
}

// librdkafka's words, with the name as the user wrote it where it speaks of an alias. They may hold
// the value: of a secret they must not.
std::string words(std::string_view name, const char* text) {
  if (names_a_secret(name)) return fmt::format("the value of \"{}\" is not accepted", name);
  const std::string said = printable(text, 500);
  return said.find(name) == std::string::npos ? fmt::format("\"{}\": {}", name, said) : said;
}

std::vector<std::string> property_names(rd_kafka_conf_t* conf) {
  std::size_t count = 0;
  const char** dump = rd_kafka_conf_dump(conf, &count);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; i += 2) names.emplace_back(dump[i]);
  rd_kafka_conf_dump_free(dump, count);
  return names;
}

Problem unknown_property(rd_kafka_conf_t* conf, const std::string& name, const char* text) {
  const auto near = nearest(name, property_names(conf));
  return Problem{"properties." + name, "unknown-property", words(name, text),
                 near ? fmt::format("did you mean \"{}\"?", *near)
                      : "see librdkafka's CONFIGURATION.md for the names",
                 0, 0};
}

void set_property(rd_kafka_conf_t* conf, const std::string& name, const std::string& value,
                  std::vector<Problem>& problems) {
  if (const auto* fixed = fixed_otherwise(name, value)) {
    problems.push_back({"properties." + name, "fixed-property",
                        fmt::format("\"{}\" can't be changed: {}", name, fixed->reason),
                        "remove it", 0, 0});
    return;
  }
  std::array<char, 512> text{};
  switch (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), text.data(), text.size())) {
    case RD_KAFKA_CONF_OK: return;
    case RD_KAFKA_CONF_UNKNOWN:
      problems.push_back(unknown_property(conf, name, text.data()));
      return;
    case RD_KAFKA_CONF_INVALID:
      problems.push_back({"properties." + name, "invalid-value", words(name, text.data()), "", 0, 0});
  }
}

void require(const rd_kafka_conf_t* conf, const std::string& name, std::vector<Problem>& problems) {
  std::size_t size = 0;
  const bool present =
      rd_kafka_conf_get(conf, name.c_str(), nullptr, &size) == RD_KAFKA_CONF_OK && size > 1;
  if (!present) {
    problems.push_back({"properties." + name, "required", fmt::format("\"{}\" is missing", name),
                        fmt::format("set \"{}\"", name), 0, 0});
  }
}

void set_defaults(rd_kafka_conf_t* conf, std::span<const Default> defaults) {
  for (const auto& [name, value] : defaults) {
    std::array<char, 512> text{};
    const auto result = rd_kafka_conf_set(conf, std::string(name).c_str(), std::string(value).c_str(),
                                          text.data(), text.size());
    SLUICE_ASSERT(result == RD_KAFKA_CONF_OK);
  }
}

}  // namespace

namespace detail {

Error config_error(std::vector<Problem> problems) {
  std::string message = problems.front().message;
  if (problems.size() > 1) message += fmt::format(" (and {} more)", problems.size() - 1);
  return Error{ErrorKind::kInvalid, "kafka.config", message, problems.front().fix, std::move(problems)};
}

Result<ConfHandle> make_conf(ClientKind kind, const Properties& properties) {
  ConfHandle conf(rd_kafka_conf_new());
  set_defaults(conf.get(), kCommonDefaults);
  set_defaults(conf.get(), own_defaults(kind));
  std::vector<Problem> problems;
  for (const auto& [name, value] : properties) set_property(conf.get(), name, value, problems);
  require(conf.get(), "bootstrap.servers", problems);
  if (kind == ClientKind::kConsumer) require(conf.get(), "group.id", problems);
  if (!problems.empty()) return config_error(std::move(problems));
  return conf;
}

}  // namespace detail

Status check_properties(ClientKind kind, const Properties& properties) {
  const auto conf = detail::make_conf(kind, properties);
  if (!conf) return conf.error();
  return {};
}

}  // namespace sluice::kafka
