// One authenticated connection to one broker and one question at a time on it. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/wire/channel.h"
#include "platform/kafka/wire/messages.h"
#include "platform/kafka/wire/security.h"

namespace sluice::kafka::wire {

struct Identity {
  Security security;
  std::string client_id;
};

class Session {
 public:
  // Connects, and asks for the broker's versions before it authenticates: a broker that does not know
  // a request of ours is told from one that breaks off.
  static Result<Session> open(const Identity& identity, const Address& address, Deadline deadline);

  // The body of the answer. kafka.unreachable: the request has not left; kafka.timeout and
  // kafka.connection-lost: it has.
  Result<std::string> call(const Api& api, std::string_view body, Deadline deadline);

 private:
  Session(std::unique_ptr<Channel> channel, std::string client_id, std::string name)
      : channel_(std::move(channel)), client_id_(std::move(client_id)), name_(std::move(name)) {}

  Result<std::string> receive_frame(const Api& api, Deadline deadline);
  Status receive_exactly(std::size_t size, std::string& into, Deadline deadline);
  Status learn_versions(bool encrypted, Deadline deadline);
  Status authenticate(const Sasl& sasl, Deadline deadline);
  Result<std::string> exchange(std::string_view token, Deadline deadline);

  std::unique_ptr<Channel> channel_;
  std::string client_id_;
  std::string name_;
  std::vector<ApiRange> versions_;
  std::int32_t last_correlation_ = 0;
};

}  // namespace sluice::kafka::wire
