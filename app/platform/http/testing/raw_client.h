// For tests: a plain TCP client that sends exactly the bytes it is given and waits with a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::http::testing {

struct RawResponse {
  int status = 0;
  std::string head;
  std::string body;
  [[nodiscard]] std::string header(std::string_view name) const;  // "" when absent
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False when the peer has closed.
  bool send(std::string_view bytes);
  // As much of it as the socket takes at once.
  std::size_t send_some(std::string_view bytes);
  // Of what was sent, how much the peer's socket has not taken.
  [[nodiscard]] std::size_t unacknowledged() const;
  void shutdown_send();
  // The next answer, framed by its length or chunks; empty when none came within 10 s.
  std::optional<RawResponse> receive(bool head_only = false);
  // Whether the peer closes (or resets) within 10 s, reading over what still comes.
  bool closed_by_peer();
  // What has come and not been received, after waiting for at least `bytes` of it.
  std::string take(std::size_t bytes);

 private:
  bool fill();  // reads something; false at the end or after 10 s
  std::optional<std::string> take_chunked();

  int fd_ = -1;
  bool ended_ = false;
  std::string buffer_;
};

// One request on a connection of its own; an empty answer when none came.
RawResponse ask(std::uint16_t port, std::string_view request);
// The "code" of a problem document; "" where there is none.
std::string code_of(const RawResponse& response);

}  // namespace sluice::http::testing
