#include "platform/kafka/wire/errors.h"

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/kafka/detail/errors.h"

namespace sluice::kafka::wire::errors {
namespace {

Error named(ErrorKind kind, std::string_view code, std::string message) {
  return Error{kind, std::string(code), printable(message, 1000), std::string(detail::fix_for(code)), {}};
}

}  // namespace

Error unreachable(std::string_view broker, std::string_view why) {
  return named(ErrorKind::kUnavailable, "kafka.unreachable", fmt::format("broker {}: {}", broker, why));
}

Error connection_lost(std::string_view broker, std::string_view why) {
  return named(ErrorKind::kTimeout, "kafka.connection-lost", fmt::format("broker {}: {}", broker, why));
}

Error timeout(std::string_view broker) {
  return named(ErrorKind::kTimeout, "kafka.timeout", fmt::format("broker {} did not answer in time", broker));
}

Error tls(std::string_view why) { return named(ErrorKind::kUnavailable, "kafka.tls", fmt::format("TLS: {}", why)); }

Error config(std::string_view property, std::string_view why) {
  return named(ErrorKind::kInvalid, "kafka.config", fmt::format("{}: {}", property, why));
}

Error authentication(std::string_view why) {
  return named(ErrorKind::kUnavailable, "kafka.authentication", fmt::format("Authentication failed: {}", why));
}

}  // namespace sluice::kafka::wire::errors
