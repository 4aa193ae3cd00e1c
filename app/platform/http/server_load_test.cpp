// The server when things go wrong: late, slow, full, dropped, drained.
#include "platform/http/server.h"

#include <future>
#include <latch>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "platform/http/problem.h"
#include "platform/http/testing/server_fixture.h"

namespace sluice::http {
namespace {

using testing::ask;
using testing::code_of;
using testing::get;
using testing::make_route;
using testing::post;
using testing::RawClient;
using testing::RawResponse;
using testing::ServerTest;
using namespace std::chrono_literals;

TEST_F(ServerTest, AnswersAtTheDeadlineAndIgnoresTheLateAnswer) {
  std::promise<Responder> handed;
  ServerOptions options;
  options.request_deadline = 50ms;
  start({make_route(Method::kGet, "/late", Dispatch::kDeferred,
                    [&](const Request&, Responder responder) { handed.set_value(std::move(responder)); })},
        options);
  RawClient client(port());
  client.send(get("/late"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 504);
  EXPECT_EQ(code_of(*response), "request.deadline");
  EXPECT_TRUE(response->header("retry-after").empty()) << "nobody knows whether repeating is safe";
  handed.get_future().get().send(Response::text(200, "late"));
  client.send(get("/health/live"));
  EXPECT_EQ(client.receive()->body, "alive");
}

TEST_F(ServerTest, AnswersFromAnotherThread) {
  std::jthread other;
  start({make_route(Method::kGet, "/deferred", Dispatch::kDeferred, [&](const Request&, Responder responder) {
    other = std::jthread([moved = std::make_shared<Responder>(std::move(responder))] {
      moved->send(Response::text(200, std::string(300'000, 'y')));
    });
  })});
  EXPECT_EQ(ask(port(), get("/deferred")).body.size(), 300'000U);
}

TEST_F(ServerTest, FullQueueIsRefusedWithWhenToComeBack) {
  std::latch running(1);
  std::promise<void> release;
  auto released = release.get_future().share();
  ServerOptions options;
  options.worker_threads = 1;
  options.worker_queue = 1;
  start({make_route(Method::kGet, "/block", Dispatch::kWorker,
                    [&, first = std::make_shared<std::atomic<bool>>(true)](const Request&, Responder responder) {
                      if (first->exchange(false)) running.count_down();
                      released.wait();
                      responder.send(Response::text(200, "done"));
                    })},
        options);
  RawClient busy(port());
  busy.send(get("/block"));
  running.wait();
  RawClient queued(port());
  RawClient refused(port());
  queued.send(get("/block"));
  refused.send(get("/block"));
  // Either of the two may be the one that found the queue full.
  auto first = std::async(std::launch::async, [&] { return queued.receive(); });
  auto second = std::async(std::launch::async, [&] { return refused.receive(); });
  const auto overloaded = [](const std::optional<RawResponse>& response) {
    return response && response->status == 503 && code_of(*response) == "server.overloaded" &&
           !response->header("retry-after").empty();
  };
  std::future_status status = std::future_status::timeout;
  while (status != std::future_status::ready) {
    status = first.wait_for(1ms);
    if (status != std::future_status::ready) status = second.wait_for(1ms);
  }
  EXPECT_EQ(ask(port(), get("/health/live")).status, 200) << "a full pool must not stop health";
  release.set_value();
  const auto one = first.get();
  const auto two = second.get();
  EXPECT_EQ(overloaded(one) + overloaded(two), 1);
  EXPECT_EQ(busy.receive()->body, "done");
}

TEST_F(ServerTest, DroppedResponderAndThrowingHandlerAnswer500) {
  start({make_route(Method::kGet, "/drop", Dispatch::kInline, [](const Request&, const Responder&) {}),
         make_route(Method::kGet, "/throw", Dispatch::kWorker,
                    [](const Request&, const Responder&) { throw std::runtime_error("secret"); })});
  for (const auto* path : {"/drop", "/throw"}) {
    const auto response = ask(port(), get(path, "x-request-id: mine\r\n"));
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(response.body.find("secret"), std::string::npos);
    EXPECT_NE(response.body.find("mine"), std::string::npos);
  }
}

TEST_F(ServerTest, HandlersCannotAddHeadersByLineBreaks) {
  start({make_route(Method::kGet, "/inject", Dispatch::kInline, [](const Request&, Responder responder) {
    auto response = Response::text(200, "");
    response.headers.set("x-note", "a\r\nx-evil: 1");
    responder.send(std::move(response));
  })});
  EXPECT_EQ(ask(port(), get("/inject")).header("x-evil"), "");
}

TEST_F(ServerTest, SlowHeadAndBodyAreCutOff) {
  ServerOptions options;
  options.header_deadline = 50ms;
  options.body_deadline = 50ms;
  start({}, options);
  RawClient head(port());
  head.send("GET /health/live HT");
  EXPECT_EQ(head.receive()->status, 408);
  EXPECT_TRUE(head.closed_by_peer());
  RawClient body(port());
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nab");
  EXPECT_EQ(body.receive()->status, 408);
  EXPECT_TRUE(body.closed_by_peer());
  RawClient silent(port());
  EXPECT_TRUE(silent.closed_by_peer());
}

TEST_F(ServerTest, IdleConnectionIsClosed) {
  ServerOptions options;
  options.idle_timeout = 50ms;
  start({}, options);
  RawClient client(port());
  client.send(get("/health/live"));
  EXPECT_EQ(client.receive()->status, 200);
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitAreTurnedAway) {
  ServerOptions options;
  options.max_connections = 2;
  start({}, options);
  RawClient one(port());
  RawClient two(port());
  one.send(get("/health/live"));
  two.send(get("/health/live"));
  EXPECT_EQ(one.receive()->status, 200);
  EXPECT_EQ(two.receive()->status, 200);
  RawClient three(port());
  EXPECT_EQ(three.receive()->status, 503);
}

TEST_F(ServerTest, StreamsAndKeepsTheConnection) {
  start({make_route(Method::kGet, "/stream", Dispatch::kStream, [](const Request&, Responder responder) {
    auto stream = responder.stream(Response::text(200, ""));
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(stream->write(fmt::format("line {}\n", i)));
  })});
  RawClient client(port());
  client.send(get("/stream"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->body.ends_with("line 99\n"));
  client.send(get("/health/live"));
  EXPECT_EQ(client.receive()->body, "alive");
}

TEST_F(ServerTest, StreamToAClientThatDoesNotReadIsCut) {
  std::promise<std::unique_ptr<Responder::Stream>> handed;
  start({make_route(Method::kGet, "/stream", Dispatch::kStream, [&](const Request&, Responder responder) {
    handed.set_value(responder.stream(Response::text(200, "")));
  })});
  RawClient client(port());
  client.send(get("/stream"));
  const auto stream = handed.get_future().get();
  const std::string block(64 * 1024, 'x');
  std::size_t written = 0;
  while (stream->write(block) && written < (std::size_t{1} << 30U)) written += block.size();
  EXPECT_LT(written, std::size_t{1} << 30U) << "nothing held the writer back";
  EXPECT_FALSE(stream->open());
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(ServerTest, AWorkerThatWaitsForRoomStreamsMoreThanTheBufferHolds) {
  constexpr int kBlocks = 200;
  start({make_route(Method::kGet, "/stream", Dispatch::kWorker, [](const Request&, Responder responder) {
    const auto stream = responder.stream(Response::text(200, ""));
    const std::string block(64 * 1024, 'x');
    for (int i = 0; i < kBlocks; ++i) EXPECT_TRUE(stream->write_within(block, Deadline::after(30s)));
  })});
  RawClient client(port());
  client.send(get("/stream"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body.size(), std::size_t{kBlocks} * 64 * 1024);
}

TEST_F(ServerTest, AWorkerDoesNotWaitForRoomForEver) {
  std::promise<std::size_t> wrote;
  start({make_route(Method::kGet, "/stream", Dispatch::kWorker, [&](const Request&, Responder responder) {
    const auto stream = responder.stream(Response::text(200, ""));
    const std::string block(64 * 1024, 'x');
    std::size_t written = 0;
    while (stream->write_within(block, Deadline::after(50ms))) written += block.size();
    wrote.set_value(written);
  })});
  RawClient client(port());
  client.send(get("/stream"));
  EXPECT_GT(wrote.get_future().get(), 0U);
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(ServerTest, AStreamThatIsCutIsNotWhole) {
  start({make_route(Method::kGet, "/stream", Dispatch::kWorker, [](const Request&, Responder responder) {
    const auto stream = responder.stream(Response::text(200, ""));
    EXPECT_TRUE(stream->write("half of "));
    stream->cut();
    EXPECT_FALSE(stream->write("it"));
  })});
  RawClient client(port());
  client.send(get("/stream"));
  EXPECT_FALSE(client.receive());
}

TEST_F(ServerTest, TellsWhoWasTurnedAway) {
  Mutex mutex;
  std::vector<std::string> refused;
  on_refused_ = [&](const RefusedRequest& one) {
    MutexLock lock(mutex);
    refused.push_back(fmt::format("{} {} {} {}", one.status, one.code, one.route.pattern,
                                  one.principal != nullptr ? one.principal->id : std::string(one.remote)));
  };
  auto guarded = make_route(Method::kGet, "/guarded", Dispatch::kInline, [](const Request&, Responder responder) {
    responder.send(Response::text(200, ""));
  });
  guarded.access = Access::at_least(auth::Role::kEditor);
  start({guarded});
  RawClient client(port());
  for (const char* token : {"viewer", "nobody", "editor"}) {
    client.send(get("/guarded", fmt::format("Authorization: Bearer {}\r\n", token)));
    ASSERT_TRUE(client.receive());
  }
  client.send(get("/guarded"));
  ASSERT_TRUE(client.receive());
  MutexLock lock(mutex);
  EXPECT_EQ(refused, (std::vector<std::string>{"403 auth.forbidden /guarded viewer", "401 auth.unknown /guarded 127.0.0.1",
                                               "401 auth.missing /guarded 127.0.0.1"}));
}

TEST_F(ServerTest, StreamLearnsThatItsClientHasGone) {
  std::promise<std::unique_ptr<Responder::Stream>> handed;
  start({make_route(Method::kGet, "/stream", Dispatch::kStream, [&](const Request&, Responder responder) {
    handed.set_value(responder.stream(Response::text(200, "")));
  })});
  auto client = std::make_unique<RawClient>(port());
  client->send(get("/stream"));
  const auto stream = handed.get_future().get();
  EXPECT_TRUE(stream->write("hello"));
  client.reset();
  const auto deadline = Deadline::after(10s);
  while (stream->open() && !deadline.expired()) std::this_thread::yield();
  EXPECT_FALSE(stream->open());
}

TEST_F(ServerTest, DrainFinishesWhatWasTaken) {
  std::promise<Responder> handed;
  start({make_route(Method::kGet, "/slow", Dispatch::kDeferred,
                    [&](const Request&, Responder responder) { handed.set_value(std::move(responder)); })});
  RawClient idle(port());
  idle.send(get("/health/live"));
  EXPECT_EQ(idle.receive()->status, 200);
  RawClient busy(port());
  busy.send(get("/slow"));
  auto responder = handed.get_future().get();
  const auto port_before = port();
  EXPECT_FALSE(server_->drain(Deadline::after(1ms))) << "a request is still running";
  EXPECT_TRUE(idle.closed_by_peer());
  RawClient late(port_before);
  late.send(get("/health/live"));
  EXPECT_FALSE(late.receive()) << "accepted while draining";
  responder.send(Response::text(200, "finished"));
  const auto response = busy.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "finished");
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_TRUE(busy.closed_by_peer());
  busy.shutdown_send();
  EXPECT_TRUE(server_->drain(Deadline::after(10s)));
}

TEST_F(ServerTest, AnswersAfterTheServerIsGoneAreIgnored) {
  std::promise<Responder> handed;
  start({make_route(Method::kGet, "/slow", Dispatch::kDeferred,
                    [&](const Request&, Responder responder) { handed.set_value(std::move(responder)); })});
  RawClient client(port());
  client.send(get("/slow"));
  auto responder = handed.get_future().get();
  server_.reset();
  responder.send(Response::text(200, "too late"));
  EXPECT_TRUE(client.closed_by_peer());
}

}  // namespace
}  // namespace sluice::http
