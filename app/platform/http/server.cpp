// The one file that sees Boost: sockets, TLS, timers and threads under serving::Connection. Each I/O
// thread has its own event loop and its own connections; nothing is shared between them but the
// context. Framing is not Asio's business (see wire/), so there is no second parser to disagree with.
#include "platform/http/server.h"

#include <sys/resource.h>

#include <array>
#include <thread>
#include <unordered_set>
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <fmt/chrono.h>

#include "platform/http/serving/connection.h"
#include "platform/http/serving/context.h"
#include "platform/http/serving/link.h"

namespace sluice::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using serving::Connection;
using serving::ServerContext;

constexpr std::chrono::milliseconds kTick{100};
constexpr int kBacklog = 4096;
constexpr std::string_view kNoRoom =
    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\nconnection: close\r\n\r\n";

std::string format_http_date(TimePoint time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

// Ten thousand idle connections need as many descriptors; the hard limit is the administrator's word.
void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

Error listen_error(const ServerOptions& options, const error_code& error) {
  return {ErrorKind::kUnavailable, "http.listen",
          fmt::format("Can't listen on {}:{}: {}.", options.host, options.port, error.message()),
          "Choose another address or port, or stop what uses it.", {}};
}

class SocketLink;

struct IoThread {
  asio::io_context loop{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{loop.get_executor()};
  asio::steady_timer ticker{loop};
  std::unordered_set<SocketLink*> links;  // open ones, on this thread
  std::string date;
  bool stopping = false;
  std::jthread thread;
};

// What a plain and a TLS link have in common.
class SocketLink : public serving::Link, public std::enable_shared_from_this<SocketLink> {
 public:
  SocketLink(ServerContext& context, IoThread& thread, std::string remote)
      : connection(context, *this, std::move(remote), thread.date), thread_(thread), context_(context) {
    thread_.links.insert(this);
  }
  ~SocketLink() override {
    thread_.links.erase(this);
    context_.connections.decrease();
  }
  SocketLink(const SocketLink&) = delete;
  SocketLink& operator=(const SocketLink&) = delete;
  virtual void start() = 0;
  void notify() override {
    asio::post(thread_.loop, [self = shared_from_this()] { self->connection.on_notified(); });
  }

  Connection connection;

 private:
  IoThread& thread_;
  ServerContext& context_;
};

template <typename Stream>
class LinkOn final : public SocketLink {
 public:
  template <typename... Arguments>
  LinkOn(ServerContext& context, IoThread& thread, std::string remote, Arguments&&... arguments)
      : SocketLink(context, thread, std::move(remote)), stream_(std::forward<Arguments>(arguments)...) {}

  void start() override {
    if constexpr (kTls) {
      stream_.async_handshake(asio::ssl::stream_base::server, [self = shared_from_this()](const error_code& error) {
        if (error) self->connection.close();
        else self->connection.start(self);
      });
    } else {
      connection.start(shared_from_this());
    }
  }
  void read(char* to, std::size_t size) override {
    stream_.async_read_some(asio::buffer(to, size),
                            [self = shared_from_this()](const error_code& error, std::size_t received) {
                              self->connection.on_read(received, static_cast<bool>(error));
                            });
  }
  void write(std::string_view first, std::string_view second) override {
    const auto done = [self = shared_from_this()](const error_code& error, std::size_t) {
      self->connection.on_written(static_cast<bool>(error));
    };
    if (second.empty()) return asio::async_write(stream_, asio::buffer(first.data(), first.size()), done);
    const std::array<asio::const_buffer, 2> both{asio::buffer(first.data(), first.size()),
                                                 asio::buffer(second.data(), second.size())};
    asio::async_write(stream_, both, done);
  }
  void shutdown_send() override {
    if constexpr (kTls) {
      stream_.async_shutdown([self = shared_from_this()](const error_code&) { self->connection.close(); });
    } else {
      error_code ignored;
      stream_.shutdown(tcp::socket::shutdown_send, ignored);
    }
  }
  void close() override {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  static constexpr bool kTls = !std::is_same_v<Stream, tcp::socket>;
  Stream stream_;
};

using TlsStream = asio::ssl::stream<tcp::socket>;

Result<std::unique_ptr<asio::ssl::context>> load_tls(const TlsFiles& files) {
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  using Options = asio::ssl::context;
  tls->set_options(Options::default_workarounds | Options::no_sslv2 | Options::no_sslv3 | Options::no_tlsv1 |
                   Options::no_tlsv1_1 | SSL_OP_NO_RENEGOTIATION);
  error_code error;
  tls->use_certificate_chain_file(files.certificate, error);
  std::string_view file = files.certificate;
  if (!error) {
    tls->use_private_key_file(files.key, asio::ssl::context::pem, error);
    file = files.key;
  }
  if (error)
    return Error{ErrorKind::kInvalid, "http.tls", fmt::format("Can't use the PEM file {}: {}.", file, error.message()),
                 "Name a readable certificate and its key.", {}};
  return tls;
}

}  // namespace

class Server::Implementation {
 public:
  Implementation(ServerOptions options, Router router, ServerServices services)
      : context_(std::move(options), std::move(router), std::move(services)) {
    for (int i = 0; i < context_.options.io_threads; ++i) threads_.push_back(std::make_unique<IoThread>());
    acceptor_.emplace(threads_.front()->loop);
    accept_pause_.emplace(threads_.front()->loop);
  }
  ~Implementation() { stop(); }
  Implementation(const Implementation&) = delete;
  Implementation& operator=(const Implementation&) = delete;

  Status start();
  bool drain(Deadline deadline);
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const ServerContext& context() const { return context_; }

 private:
  Status check() const;
  Status listen();
  void accept();
  void accepted(const error_code& error, tcp::socket socket, IoThread& thread);
  void adopt(tcp::socket socket, IoThread& thread);
  void tick(IoThread& thread);
  static void on_each_link(IoThread& thread, const std::function<void(Connection&)>& visit);

  ServerContext context_;
  std::vector<std::unique_ptr<IoThread>> threads_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> accept_pause_;
  std::size_t next_thread_ = 0;
  std::uint16_t port_ = 0;
  bool started_ = false;
};

Status Server::Implementation::check() const {
  SLUICE_CHECK(context_.router.check());
  for (const auto& route : context_.router.routes())
    if (route->access->role && context_.services.authenticator == nullptr)
      return Error{ErrorKind::kInternal, "http.routes",
                   fmt::format("{} {} needs a role, but the server has no authenticator.", to_string(route->method),
                               route->pattern),
                   "", {}};
  return {};
}

Status Server::Implementation::listen() {
  error_code error;
  const auto address = asio::ip::make_address(context_.options.host, error);
  if (error) return listen_error(context_.options, error);
  const tcp::endpoint endpoint(address, context_.options.port);
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(kBacklog, error);
  if (error) return listen_error(context_.options, error);
  port_ = acceptor_->local_endpoint().port();
  return {};
}

Status Server::Implementation::start() {
  SLUICE_ASSERT(!started_);
  SLUICE_CHECK(check());
  if (context_.options.tls) {
    SLUICE_TRY(tls_, load_tls(*context_.options.tls));
  }
  raise_descriptor_limit();
  SLUICE_CHECK(listen());
  started_ = true;
  accept();
  for (auto& thread : threads_) {
    tick(*thread);
    thread->thread = std::jthread([&loop = thread->loop] { loop.run(); });
  }
  return {};
}

void Server::Implementation::accept() {
  IoThread& thread = *threads_[next_thread_++ % threads_.size()];
  acceptor_->async_accept(thread.loop, [this, &thread](const error_code& error, tcp::socket socket) {
    accepted(error, std::move(socket), thread);
  });
}

void Server::Implementation::accepted(const error_code& error, tcp::socket socket, IoThread& thread) {
  if (!acceptor_->is_open()) return;
  if (error) {
    // Out of descriptors, most likely: trying again at once would only burn the CPU.
    accept_pause_->expires_after(kTick);
    accept_pause_->async_wait([this](const error_code& cancelled) {
      if (!cancelled && acceptor_->is_open()) accept();
    });
    return;
  }
  if (context_.connections.increase() > context_.options.max_connections) {
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(kNoRoom.data(), kNoRoom.size()), ignored);
    context_.connections.decrease();
  } else {
    asio::post(thread.loop, [this, &thread, taken = std::move(socket)]() mutable { adopt(std::move(taken), thread); });
  }
  accept();
}

// On the thread that will serve the socket.
void Server::Implementation::adopt(tcp::socket socket, IoThread& thread) {
  error_code error;
  socket.set_option(tcp::no_delay(true), error);
  auto remote = socket.remote_endpoint(error).address().to_string();
  if (error || context_.draining.load()) return context_.connections.decrease();
  std::shared_ptr<SocketLink> link;
  if (tls_) link = std::make_shared<LinkOn<TlsStream>>(context_, thread, std::move(remote), std::move(socket), *tls_);
  else link = std::make_shared<LinkOn<tcp::socket>>(context_, thread, std::move(remote), std::move(socket));
  link->start();
}

void Server::Implementation::on_each_link(IoThread& thread, const std::function<void(Connection&)>& visit) {
  // A visit may close the link and thereby take it out of the set.
  std::vector<std::shared_ptr<SocketLink>> links;
  links.reserve(thread.links.size());
  for (SocketLink* link : thread.links) links.push_back(link->shared_from_this());
  for (const auto& link : links) visit(link->connection);
}

// One timer a thread instead of one a connection: a deadline costs a request one store.
void Server::Implementation::tick(IoThread& thread) {
  thread.date = format_http_date(context_.services.clock->now());
  const auto now = std::chrono::steady_clock::now();
  on_each_link(thread, [&](Connection& connection) { connection.on_tick(now); });
  thread.ticker.expires_after(kTick);
  thread.ticker.async_wait([this, &thread](const error_code& cancelled) {
    if (!cancelled && !thread.stopping) tick(thread);
  });
}

bool Server::Implementation::drain(Deadline deadline) {
  if (!started_) return true;
  context_.draining = true;
  asio::post(threads_.front()->loop, [this] {
    error_code ignored;
    acceptor_->close(ignored);
  });
  for (auto& thread : threads_)
    asio::post(thread->loop,
               [&thread] { on_each_link(*thread, [](Connection& connection) { connection.on_drain(); }); });
  return context_.connections.wait_for_none(deadline);
}

// A loop returns from run() once its timer, its sockets and the acceptor are closed: nothing that
// belongs to it runs afterwards, and late answers find their exchanges detached.
void Server::Implementation::stop() {
  if (!std::exchange(started_, false)) return;
  context_.draining = true;
  asio::post(threads_.front()->loop, [this] {
    error_code ignored;
    acceptor_->close(ignored);
    accept_pause_->cancel();
  });
  for (auto& thread : threads_)
    asio::post(thread->loop, [&thread] {
      thread->stopping = true;
      thread->ticker.cancel();
      thread->work.reset();
      on_each_link(*thread, [](Connection& connection) { connection.close(); });
    });
  for (auto& thread : threads_) thread->thread.join();
  context_.workers.stop();
}

Server::Server(ServerOptions options, Router router, ServerServices services)
    : implementation_(std::make_unique<Implementation>(std::move(options), std::move(router), std::move(services))) {}
Server::~Server() = default;
Status Server::start() { return implementation_->start(); }
std::uint16_t Server::port() const { return implementation_->port(); }
std::size_t Server::connections() const { return implementation_->context().connections.now(); }
const Router& Server::router() const { return implementation_->context().router; }
bool Server::drain(Deadline deadline) { return implementation_->drain(deadline); }
void Server::stop() { implementation_->stop(); }

}  // namespace sluice::http
