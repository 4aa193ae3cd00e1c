// A stream of bytes to one broker. One thread at a time; every call ends by its deadline.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/kafka/wire/security.h"

namespace sluice::kafka::wire {

struct Address {
  std::string host;
  int port = 0;
};

class Channel {
 public:
  virtual ~Channel() = default;
  // Everything. After an error the peer has not got everything.
  virtual Status send(std::string_view bytes, Deadline deadline) = 0;
  // At least one byte, at most the room. kafka.connection-lost, kafka.timeout.
  virtual Result<std::size_t> receive(std::span<char> room, Deadline deadline) = 0;
};

// kafka.unreachable when nothing answers at any of the host's addresses.
Result<std::unique_ptr<Channel>> connect_tcp(const Address& address, Deadline deadline);
// Does the handshake. kafka.tls when either side does not trust the other; kafka.config when a file
// can't be read.
Result<std::unique_ptr<Channel>> connect_tls(std::unique_ptr<Channel> below, const Tls& tls, const std::string& host,
                                             Deadline deadline);

}  // namespace sluice::kafka::wire
