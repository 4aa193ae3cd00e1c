#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "platform/core/resolve.h"
#include "platform/kafka/wire/channel.h"
#include "platform/kafka/wire/errors.h"

namespace sluice::kafka::wire {
namespace {

std::string words_of(int code) { return std::generic_category().message(code); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// False at the deadline. What is wrong with the socket is told by the call that follows.
bool wait_until_ready(int fd, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::min<std::int64_t>(deadline.remaining().count(), std::numeric_limits<int>::max());
    pollfd asked{fd, events, 0};
    const int ready = ::poll(&asked, 1, static_cast<int>(left));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    if (ready == 0) return false;
  }
}

bool must_wait(int code) { return code == EAGAIN || code == EWOULDBLOCK || code == EINTR; }

class TcpChannel final : public Channel {
 public:
  TcpChannel(Descriptor socket, std::string name) : socket_(std::move(socket)), name_(std::move(name)) {}

  Status send(std::string_view bytes, Deadline deadline) override {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else if (!must_wait(errno)) {
        return errors::unreachable(name_, words_of(errno));
      } else if (!wait_until_ready(socket_.get(), POLLOUT, deadline)) {
        return errors::unreachable(name_, "it takes no bytes");
      }
    }
    return {};
  }

  Result<std::size_t> receive(std::span<char> room, Deadline deadline) override {
    for (;;) {
      const auto got = ::recv(socket_.get(), room.data(), room.size(), 0);
      if (got > 0) return static_cast<std::size_t>(got);
      if (got == 0) return errors::connection_lost(name_, "it closed the connection");
      if (!must_wait(errno)) return errors::connection_lost(name_, words_of(errno));
      if (!wait_until_ready(socket_.get(), POLLIN, deadline)) return errors::timeout(name_);
    }
  }

 private:
  Descriptor socket_;
  std::string name_;
};

int error_of(int fd) {
  int code = 0;
  socklen_t size = sizeof code;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) == 0 ? code : errno;
}

Result<Descriptor> connect_one(const std::string& ip, int port, const std::string& name, Deadline deadline) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(ip.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return errors::unreachable(name, "its address is not one");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  Descriptor socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return errors::unreachable(name, words_of(errno));
  const int yes = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  int code = ::connect(socket.get(), found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
  if (code == EINPROGRESS) {
    const bool ready = wait_until_ready(socket.get(), POLLOUT, deadline);
    code = ready ? error_of(socket.get()) : ETIMEDOUT;
  }
  if (code != 0) return errors::unreachable(name, words_of(code));
  return socket;
}

}  // namespace

Result<std::unique_ptr<Channel>> connect_tcp(const Address& address, Deadline deadline) {
  const std::string name = fmt::format("{}:{}", address.host, address.port);
  const auto ips = resolve_host(address.host, deadline);
  if (!ips) return errors::unreachable(name, ips.error().message);
  Error last = errors::unreachable(name, "its name has no address");
  for (std::size_t i = 0; i < ips->size(); ++i) {
    // A dead address leaves time for those behind it.
    const auto share = deadline.no_later_than(deadline.remaining() / static_cast<int>(ips->size() - i));
    auto socket = connect_one((*ips)[i], address.port, name, share);
    if (socket) return std::unique_ptr<Channel>(std::make_unique<TcpChannel>(std::move(*socket), name));
    last = std::move(socket).error();
  }
  return last;
}

}  // namespace sluice::kafka::wire
