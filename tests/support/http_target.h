// A local HTTP server that plays somebody else's: it answers as the test says and remembers what it
// was asked. And listeners that only count, or that answer with any bytes.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/core/mutex.h"
#include "platform/http/server.h"

namespace sluice::test {

class HttpTarget {
 public:
  using Answer = std::function<http::Response(const http::Request&)>;

  HttpTarget& on(http::Method method, std::string pattern, Answer answer) {
    http::Route route;
    route.method = method;
    route.operation_id = pattern + std::string(http::to_string(method));
    route.pattern = std::move(pattern);
    route.access = http::Access::open();
    if (method == http::Method::kPost) route.content_types = {"application/json", "application/x-sentry-envelope"};
    route.handler = [this, answer = std::move(answer)](const http::Request& request, http::Responder responder) {
      remember(request);
      responder.send(answer(request));
    };
    router_.add(std::move(route));
    return *this;
  }

  void start() {
    http::ServerServices services;
    services.metrics = &metrics_;
    services.ids = &ids_;
    services.clock = &clock_;
    server_ = std::make_unique<http::Server>(http::ServerOptions{}, std::move(router_), services);
    const auto started = server_->start();
    ASSERT_TRUE(started) << started.error().describe();
  }

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] std::string origin() const { return fmt::format("http://127.0.0.1:{}", port()); }
  [[nodiscard]] std::vector<http::Request> seen() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return seen_;
  }

 private:
  void remember(const http::Request& request) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    seen_.push_back(request);
  }

  SystemClock clock_;
  SequentialIdSource ids_;
  metrics::Registry metrics_;
  http::Router router_;
  mutable Mutex mutex_;
  std::vector<http::Request> seen_ SLUICE_GUARDED_BY(mutex_);
  std::unique_ptr<http::Server> server_;  // last: its threads end first
};

// Listens on every loopback address it can and never answers; knows whether anybody came.
class CountingListener {
 public:
  CountingListener() {
    fd_ = ::socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int off = 0;
    EXPECT_EQ(::setsockopt(fd_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;  // "::", both families
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 128), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin6_port);
  }
  ~CountingListener() { ::close(fd_); }
  CountingListener(const CountingListener&) = delete;
  CountingListener& operator=(const CountingListener&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // A connection is in the backlog as soon as connect() has returned: no wait is needed.
  int hits() {
    for (int client = ::accept(fd_, nullptr, nullptr); client >= 0; client = ::accept(fd_, nullptr, nullptr)) {
      ::close(client);
      ++hits_;
    }
    return hits_;
  }

 private:
  int fd_ = -1;
  std::uint16_t port_ = 0;
  int hits_ = 0;
};

// Answers every connection with the same bytes, whatever it was asked, then holds it or closes it. Keeps
// what it was asked: the head and as much body as the head says.
class RawTarget {
 public:
  enum class Then : std::uint8_t { kClose, kHold };
  RawTarget(std::string bytes, Then then) : bytes_(std::move(bytes)), then_(then) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_, 16), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~RawTarget() {
    ::shutdown(fd_, SHUT_RDWR);
    thread_.join();
    ::close(fd_);
  }
  RawTarget(const RawTarget&) = delete;
  RawTarget& operator=(const RawTarget&) = delete;
  [[nodiscard]] std::string origin() const { return fmt::format("http://127.0.0.1:{}", port_); }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::vector<std::string> requests() const SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return requests_;
  }

 private:
  static bool is_whole(const std::string& request) {
    const auto head = request.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const auto length = request.find("Content-Length: ");
    return length > head || request.size() - head - 4 >= std::stoul(request.substr(length + 16));
  }
  void read_request(int client) SLUICE_EXCLUDES(mutex_) {
    std::string request;
    char part[4096];
    while (!is_whole(request)) {
      const auto got = ::recv(client, part, sizeof part, 0);
      if (got <= 0) break;
      request.append(part, static_cast<std::size_t>(got));
    }
    MutexLock lock(mutex_);
    requests_.push_back(std::move(request));
  }
  void serve() {
    std::vector<int> held;
    for (int client = ::accept(fd_, nullptr, nullptr); client >= 0; client = ::accept(fd_, nullptr, nullptr)) {
      read_request(client);
      (void)::send(client, bytes_.data(), bytes_.size(), MSG_NOSIGNAL);
      if (then_ == Then::kHold) {
        held.push_back(client);
      } else {
        ::close(client);
      }
    }
    for (const int client : held) ::close(client);
  }

  const std::string bytes_;
  const Then then_;
  int fd_ = -1;
  std::uint16_t port_ = 0;
  mutable Mutex mutex_;
  std::vector<std::string> requests_ SLUICE_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace sluice::test
