// The peer of the HTTP bench: Boost.Beast as its own examples use it, with nothing around it. GET
// answers a constant; POST parses JSON and writes it back. One event loop per thread. Prints its port.
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(tcp::socket socket) : socket_(std::move(socket)) {}

  void read() {
    request_ = {};
    http::async_read(socket_, buffer_, request_,
                     [self = shared_from_this()](const beast::error_code& error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    response_ = {http::status::ok, request_.version()};
    response_.keep_alive(request_.keep_alive());
    response_.set(http::field::content_type, "application/json");
    if (request_.method() == http::verb::post)
      response_.body() = nlohmann::ordered_json::parse(request_.body(), nullptr, false).dump();
    else
      response_.body() = R"({"status":"ok"})";
    response_.prepare_payload();
    http::async_write(socket_, response_, [self = shared_from_this()](const beast::error_code& error, std::size_t) {
      if (!error && self->response_.keep_alive()) self->read();
    });
  }

  tcp::socket socket_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

void accept(tcp::acceptor& acceptor, std::vector<std::unique_ptr<asio::io_context>>& loops, std::size_t next) {
  asio::io_context& loop = *loops[next % loops.size()];
  acceptor.async_accept(loop, [&acceptor, &loops, &loop, next](const beast::error_code& error, tcp::socket socket) {
    if (!error) {
      beast::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      auto session = std::make_shared<Session>(std::move(socket));
      asio::post(loop, [session] { session->read(); });
    }
    accept(acceptor, loops, next + 1);
  });
}

}  // namespace

int main() {
  constexpr int kThreads = 2;
  std::vector<std::unique_ptr<asio::io_context>> loops;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> work;
  for (int i = 0; i < kThreads; ++i) {
    loops.push_back(std::make_unique<asio::io_context>(1));
    work.emplace_back(loops.back()->get_executor());
  }
  tcp::acceptor acceptor(*loops.front(), tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  fmt::print("{}\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  accept(acceptor, loops, 0);
  std::vector<std::jthread> threads;
  for (const auto& loop : loops) threads.emplace_back([&loop] { loop->run(); });
}
