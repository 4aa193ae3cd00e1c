#include "platform/kafka/wire/session.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "platform/core/id_source.h"
#include "platform/kafka/detail/errors.h"
#include "platform/kafka/wire/errors.h"
#include "platform/kafka/wire/scram.h"

namespace sluice::kafka::wire {
namespace {

constexpr std::size_t kLargestAnswer = 64U * 1024 * 1024;  // some 500,000 replicas on one broker

Error refusal(const Verdict& verdict) {
  return detail::make_error(static_cast<rd_kafka_resp_err_t>(verdict.code), verdict.words.c_str());
}

// Until a connection is open nothing has been asked of Kafka: a timeout is no doubt here.
Error while_opening(Error error, bool encrypted) {
  if (error.code == "kafka.connection-lost" && encrypted) return errors::tls(error.message);
  if (error.kind != ErrorKind::kTimeout) return error;
  error.kind = ErrorKind::kUnavailable;
  error.code = "kafka.unreachable";
  error.fix = detail::fix_for(error.code);
  return error;
}

}  // namespace

Result<Session> Session::open(const Identity& identity, const Address& address, Deadline deadline) {
  SLUICE_TRY(auto channel, connect_tcp(address, deadline));
  const auto& [tls, sasl] = identity.security;
  if (tls) {
    SLUICE_TRY(channel, connect_tls(std::move(channel), *tls, address.host, deadline));
  }
  Session session(std::move(channel), identity.client_id, fmt::format("{}:{}", address.host, address.port));
  SLUICE_CHECK(session.learn_versions(tls.has_value(), deadline));
  if (sasl) {
    const Status known = session.authenticate(*sasl, deadline);
    if (!known) return while_opening(known.error(), false);
  }
  return session;
}

// A peer may refuse our certificate only after its side of the handshake (TLS 1.3): the first answer
// shows it.
Status Session::learn_versions(bool encrypted, Deadline deadline) {
  versions_ = {{kApiVersions.key, kApiVersions.version, kApiVersions.version}};
  auto body = call(kApiVersions, {}, deadline);
  if (!body) return while_opening(std::move(body).error(), encrypted);
  SLUICE_TRY(versions_, decode_api_versions(*body));
  return {};
}

Status Session::authenticate(const Sasl& sasl, Deadline deadline) {
  SLUICE_TRY(const std::string offered,
             call(kSaslHandshake, encode_sasl_handshake(to_string(sasl.mechanism)), deadline));
  SLUICE_TRY(const Verdict verdict, decode_sasl_handshake(offered));
  if (verdict.code != 0) {
    return errors::authentication(
        fmt::format("the broker offers {}, not {}", verdict.words, to_string(sasl.mechanism)));
  }
  if (sasl.mechanism == Mechanism::kPlain) {
    const std::array<std::string_view, 3> parts{"", sasl.user, sasl.password};
    const auto answered = exchange(fmt::format("{}", fmt::join(parts, std::string_view("\0", 1))), deadline);
    return answered ? Status() : Status(answered.error());
  }
  ScramClient scram(sasl, random_hex(16));
  SLUICE_TRY(const std::string challenge, exchange(scram.first_message(), deadline));
  SLUICE_TRY(const std::string proof, scram.final_message(challenge));
  SLUICE_TRY(const std::string signature, exchange(proof, deadline));
  return scram.check_server(signature);
}

Result<std::string> Session::exchange(std::string_view token, Deadline deadline) {
  SLUICE_TRY(const std::string body, call(kSaslAuthenticate, encode_sasl_authenticate(token), deadline));
  SLUICE_TRY(SaslAnswer answer, decode_sasl_authenticate(body));
  if (answer.verdict.code != 0) return errors::authentication(answer.verdict.words);
  return std::move(answer.token);
}

Result<std::string> Session::call(const Api& api, std::string_view body, Deadline deadline) {
  const bool known = std::any_of(versions_.begin(), versions_.end(), [&](const ApiRange& range) {
    return range.key == api.key && range.oldest <= api.version && api.version <= range.newest;
  });
  if (!known) return refusal({RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION, fmt::format("the broker has no {} version {}", api.name, api.version)});
  const std::int32_t correlation = ++last_correlation_;
  SLUICE_CHECK(channel_->send(encode_frame(api, correlation, client_id_, body), deadline));
  SLUICE_TRY(const std::string frame, receive_frame(api, deadline));
  SLUICE_TRY(const std::string_view answer, decode_frame(api, correlation, frame));
  return std::string(answer);
}

Result<std::string> Session::receive_frame(const Api& api, Deadline deadline) {
  std::string length;
  SLUICE_CHECK(receive_exactly(4, length, deadline));
  std::uint32_t size = 0;
  for (const char c : length) size = size << 8U | static_cast<unsigned char>(c);
  if (size > kLargestAnswer) return bad_answer(api);
  std::string frame;
  SLUICE_CHECK(receive_exactly(size, frame, deadline));
  return frame;
}

// Memory grows with what comes, not with what the peer says will come.
Status Session::receive_exactly(std::size_t size, std::string& into, Deadline deadline) {
  std::array<char, 16 * 1024> room{};
  while (into.size() < size) {
    const auto wanted = std::min(room.size(), size - into.size());
    SLUICE_TRY(const std::size_t got, channel_->receive(std::span(room).first(wanted), deadline));
    into.append(room.data(), got);
  }
  return {};
}

}  // namespace sluice::kafka::wire
