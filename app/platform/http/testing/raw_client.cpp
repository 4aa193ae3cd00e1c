#include "platform/http/testing/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "platform/core/json.h"
#include "platform/http/wire/chunked.h"
#include "platform/http/wire/head.h"

namespace sluice::http::testing {
namespace {
constexpr int kWaitMs = 10'000;
}

std::string RawResponse::header(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos && wire::equals_ignoring_case(line.substr(0, colon), name))
      return std::string(line.substr(colon + 2));
  }
  return "";
}

RawClient::RawClient(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ended_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0;
}

RawClient::~RawClient() { ::close(fd_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd ready{fd_, POLLOUT, 0};
    if (poll(&ready, 1, kWaitMs) != 1) return false;
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::size_t RawClient::send_some(std::string_view bytes) {
  const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

std::size_t RawClient::unacknowledged() const {
  int bytes = 0;
  ioctl(fd_, TIOCOUTQ, &bytes);
  return static_cast<std::size_t>(bytes);
}

void RawClient::shutdown_send() { ::shutdown(fd_, SHUT_WR); }

bool RawClient::fill() {
  if (ended_) return false;
  pollfd ready{fd_, POLLIN, 0};
  if (poll(&ready, 1, kWaitMs) != 1) return false;
  std::array<char, 65'536> bytes{};
  const auto received = recv(fd_, bytes.data(), bytes.size(), 0);
  if (received <= 0) {
    ended_ = true;
    return false;
  }
  buffer_.append(bytes.data(), static_cast<std::size_t>(received));
  return true;
}

bool RawClient::closed_by_peer() {
  while (fill()) buffer_.clear();
  return ended_;
}

std::string RawClient::take(std::size_t bytes) {
  while (buffer_.size() < bytes && fill()) {
  }
  return std::exchange(buffer_, "");
}

std::optional<std::string> RawClient::take_chunked() {
  wire::ChunkedDecoder decoder;
  std::string body;
  for (;;) {
    const auto step = decoder.feed(buffer_, body, std::size_t{1} << 30U);
    buffer_.erase(0, step.consumed);
    if (step.status == wire::ChunkedDecoder::Status::kDone) return body;
    if (step.status != wire::ChunkedDecoder::Status::kNeedMore || !fill()) return std::nullopt;
  }
}

std::optional<RawResponse> RawClient::receive(bool head_only) {
  auto end = buffer_.find("\r\n\r\n");
  while (end == std::string::npos) {
    if (!fill()) return std::nullopt;
    end = buffer_.find("\r\n\r\n");
  }
  RawResponse response;
  response.head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  response.status = std::stoi(response.head.substr(9, 3));
  if (head_only || response.status == 204 || response.status == 100) return response;
  if (response.header("transfer-encoding") == "chunked") {
    auto body = take_chunked();
    if (!body) return std::nullopt;
    response.body = std::move(*body);
    return response;
  }
  const auto length = static_cast<std::size_t>(std::stoull(response.header("content-length")));
  while (buffer_.size() < length)
    if (!fill()) return std::nullopt;
  response.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return response;
}

RawResponse ask(std::uint16_t port, std::string_view request) {
  RawClient client(port);
  client.send(request);
  return client.receive().value_or(RawResponse{});
}

std::string code_of(const RawResponse& response) {
  const auto body = Json::parse(response.body, nullptr, false);
  return body.is_object() ? body.value("code", "") : "";
}

}  // namespace sluice::http::testing
