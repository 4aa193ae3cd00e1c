// Streamed request bodies: the test plays the handler, pulling on its own thread.
#include "platform/http/server.h"

#include <future>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "platform/http/limits.h"
#include "platform/http/testing/server_fixture.h"

namespace sluice::http {
namespace {

using testing::get;
using testing::make_route;
using testing::post;
using testing::RawClient;
using namespace std::chrono_literals;
using Outcome = Result<std::optional<std::string>>;

constexpr std::size_t kBodyLimit = 16 * limits::kMiB;
constexpr auto kWait = 10s;

std::string post_chunked(std::string_view chunks, std::string_view extra = "") {
  return fmt::format("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}"
                     "Transfer-Encoding: chunked\r\n\r\n{}",
                     extra, chunks);
}

std::string post_head(std::size_t length, std::string_view extra = "") {
  return fmt::format("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{}"
                     "Content-Length: {}\r\n\r\n",
                     extra, length);
}

// One block over and over; its length is a prime, so that a buffer lost, doubled or moved shows.
std::string pattern(std::size_t size) {
  std::string block;
  for (int i = 0; block.size() < 4093; ++i) block += fmt::format("{:x},", i);
  block.resize(4093);
  std::string bytes;
  bytes.reserve(size + block.size());
  while (bytes.size() < size) bytes += block;
  bytes.resize(size);
  return bytes;
}

// The body of the next answer; when none comes, that.
std::string received_body(RawClient& client) {
  auto response = client.receive();
  return response ? std::move(response->body) : "no answer came";
}

std::future<Outcome> ask_for_chunk(BodyStream& stream) {
  auto promise = std::make_shared<std::promise<Outcome>>();
  stream.read([promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
  return promise->get_future();
}

Outcome await(std::future<Outcome> future) {
  if (future.wait_for(kWait) == std::future_status::ready) return future.get();
  return Error{ErrorKind::kTimeout, "test.no-chunk", "No chunk came.", "", {}};
}

Outcome pull(BodyStream& stream) { return await(ask_for_chunk(stream)); }

std::string code_of(const Outcome& outcome) { return outcome ? "" : outcome.error().code; }

// The whole rest of the body, or the code of what went wrong.
std::string pull_all(BodyStream& stream) {
  std::string body;
  for (;;) {
    auto outcome = pull(stream);
    if (!outcome) return code_of(outcome);
    if (!*outcome) return body;
    EXPECT_FALSE((*outcome)->empty());
    EXPECT_LE((*outcome)->size(), 64 * limits::kKiB);
    body += **outcome;
  }
}

class StreamedBody : public testing::ServerTest {
 protected:
  struct Handed {
    std::shared_ptr<BodyStream> body;
    Responder responder;
  };

  // POST /upload hands its request to the test.
  void start_upload(ServerOptions options = {}, std::size_t body_limit = kBodyLimit) {
    options.io_threads = 1;
    auto route = make_route(Method::kPost, "/upload", Dispatch::kStream, [this](Request request, Responder responder) {
      ASSERT_TRUE(request.body.empty());
      handed_.set_value({std::move(request.body_stream), std::move(responder)});
    });
    route.body = BodyMode::kStreamed;
    route.body_limit = body_limit;
    start({std::move(route)}, options);
  }
  Handed take() { return handed_.get_future().get(); }
  // After this the server's only I/O thread has had its turn.
  void let_the_server_run() { EXPECT_EQ(testing::ask(port(), get("/health/live")).body, "alive"); }

  std::promise<Handed> handed_;
};

TEST_F(StreamedBody, LeavesInTheSocketWhatTheHandlerHasNotAskedFor) {
  start_upload();
  const auto body = pattern(8 * limits::kMiB);
  RawClient client(port());
  client.send(post_head(body.size()));
  auto [stream, responder] = take();
  std::size_t sent = 0;
  for (int stalled = 0; stalled < 20;) {
    const auto more = client.send_some(std::string_view(body).substr(sent));
    sent += more;
    stalled = more == 0 ? stalled + 1 : 0;
    let_the_server_run();
  }
  ASSERT_LT(sent, body.size()) << "the server took a body that nobody asked for";
  EXPECT_LE(sent - client.unacknowledged(), 1 * limits::kMiB);

  const std::jthread rest([&] { client.send(std::string_view(body).substr(sent)); });
  EXPECT_TRUE(pull_all(*stream) == body);
  responder.send(Response::text(200, "taken"));
  ASSERT_EQ(received_body(client), "taken");
}

struct Framed {
  const char* name;
  std::string request;
  std::string body;
};

class FramedBody : public StreamedBody, public ::testing::WithParamInterface<Framed> {};

TEST_P(FramedBody, ArrivesWholeAndTheNextRequestIsServed) {
  start_upload();
  RawClient client(port());
  const std::jthread sender([&] { client.send(GetParam().request + get("/health/live")); });
  auto [stream, responder] = take();
  EXPECT_TRUE(pull_all(*stream) == GetParam().body);
  EXPECT_TRUE(pull(*stream).value_or("more") == std::nullopt) << "the end stays the end";
  responder.send(Response::text(200, "taken"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "taken");
  EXPECT_NE(response->header("connection"), "close");
  ASSERT_EQ(received_body(client), "alive");
}

std::vector<Framed> framed_bodies() {
  const auto large = pattern(300'000);
  std::string bytewise;
  for (const char c : large.substr(0, 40'000)) bytewise += fmt::format("1\r\n{}\r\n", c);
  return {
      {"Length", post_head(large.size()) + large, large},
      {"LengthZero", post_head(0), ""},
      {"Absent", "POST /upload HTTP/1.1\r\nHost: localhost\r\n\r\n", ""},
      {"OneChunk", post_chunked(fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", large.size(), large)), large},
      {"ChunkOfEachByte", post_chunked(bytewise + "0\r\n\r\n"), large.substr(0, 40'000)},
      {"ChunkedEmpty", post_chunked("0\r\n\r\n"), ""},
      {"ChunkedWithTrailer", post_chunked("2;a=b\r\nhi\r\n0\r\nx: y\r\n\r\n"), "hi"},
      {"ChunkedToTheLimit", post_chunked(fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", kBodyLimit, pattern(kBodyLimit))),
       pattern(kBodyLimit)},
  };
}

INSTANTIATE_TEST_SUITE_P(Framing, FramedBody, ::testing::ValuesIn(framed_bodies()),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct Failing {
  const char* name;
  std::string request;
  int status;
  const char* code;
};

class FailingBody : public StreamedBody, public ::testing::WithParamInterface<Failing> {};

TEST_P(FailingBody, FailsTheReadAnswersAndCloses) {
  ServerOptions options;
  if (GetParam().status == 408) options.body_deadline = 300ms;
  start_upload(options, 100);
  RawClient client(port());
  client.send(GetParam().request);
  auto [stream, responder] = take();
  EXPECT_EQ(pull_all(*stream), GetParam().code);
  EXPECT_EQ(code_of(pull(*stream)), GetParam().code) << "a failure stays a failure";
  responder.send(Response::text(200, "ignored"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, GetParam().status);
  EXPECT_EQ(testing::code_of(*response), GetParam().code);
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_FALSE(client.receive()) << "something behind the failed body was answered";
  EXPECT_TRUE(client.closed_by_peer());
}

std::vector<Failing> failing_bodies() {
  const auto smuggled = get("/health/live");
  return {
      {"Malformed", post_chunked("2\r\nhi\r\nnonsense\r\n" + smuggled), 400, "http.chunk"},
      {"ChunkLongerThanItSays", post_chunked("2\r\nhiho\r\n0\r\n\r\n" + smuggled), 400, "http.chunk"},
      {"SecondChunkOverTheLimit", post_chunked("32\r\n" + std::string(50, 'x') + "\r\n33\r\n" + smuggled), 413,
       "http.body-too-large"},
      {"LateWithLength", post_head(50) + "some of it", 408, "http.body-timeout"},
      {"LateWithChunk", post_chunked("5\r\nso"), 408, "http.body-timeout"},
      {"NothingCame", post_head(50), 408, "http.body-timeout"},
  };
}

INSTANTIATE_TEST_SUITE_P(Failures, FailingBody, ::testing::ValuesIn(failing_bodies()),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct Refused {
  const char* name;
  std::string request;
  int status;
};

class RefusedBody : public StreamedBody, public ::testing::WithParamInterface<Refused> {};

TEST_P(RefusedBody, NeverReachesTheHandler) {
  start_upload({}, 100);
  EXPECT_EQ(testing::ask(port(), GetParam().request).status, GetParam().status);
  EXPECT_EQ(handed_.get_future().wait_for(0s), std::future_status::timeout);
}

INSTANTIATE_TEST_SUITE_P(
    Gate, RefusedBody,
    ::testing::Values(Refused{"DeclaredOverTheLimit", post_head(101), 413},
                      Refused{"DeclaredOverTheLimitAndExpects", post_head(101, "Expect: 100-continue\r\n"), 413},
                      Refused{"ContentType",
                              "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: text/css\r\nContent-Length: 1\r\n\r\nx", 415}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(StreamedBody, AnswerBeforeItsEndClosesBehindItself) {
  start_upload();
  RawClient client(port());
  const auto smuggled = get("/health/live");
  client.send(post_head(1'000'000) + smuggled);
  auto [stream, responder] = take();
  EXPECT_TRUE(pull(*stream));
  auto pending = ask_for_chunk(*stream);
  responder.send(Response::text(403, "enough"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_EQ(code_of(await(std::move(pending))), "http.body-cut");
  EXPECT_EQ(code_of(pull(*stream)), "http.body-cut");
  client.send(smuggled + smuggled);
  EXPECT_FALSE(client.receive()) << "the body was served as a request";
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(StreamedBody, StreamedAnswerBeforeItsEndClosesBehindItself) {
  start_upload();
  RawClient client(port());
  client.send(post_head(1'000'000) + get("/health/live"));
  auto [stream, responder] = take();
  responder.stream(Response::text(200, ""))->write("enough");
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "enough");
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_EQ(code_of(pull(*stream)), "http.body-cut");
  EXPECT_FALSE(client.receive());
}

TEST_F(StreamedBody, ClientGoneFailsTheRead) {
  start_upload();
  auto client = std::make_unique<RawClient>(port());
  client->send(post_head(1'000) + "some");
  auto [stream, responder] = take();
  EXPECT_EQ(pull(*stream).value_or(""), "some");
  auto pending = ask_for_chunk(*stream);
  client.reset();
  EXPECT_EQ(code_of(await(std::move(pending))), "http.body-cut");
  responder.send(Response::text(200, "nobody hears this"));
  let_the_server_run();
}

TEST_F(StreamedBody, StoppedServerFailsTheRead) {
  start_upload();
  RawClient client(port());
  client.send(post_head(1'000));
  auto [stream, responder] = take();
  auto pending = ask_for_chunk(*stream);
  server_->stop();
  EXPECT_EQ(code_of(await(std::move(pending))), "http.body-cut");
  EXPECT_EQ(code_of(pull(*stream)), "http.body-cut");
}

TEST_F(StreamedBody, HandlerThatNeitherAsksNorAnswersIsLate) {
  ServerOptions options;
  options.request_deadline = 50ms;
  start_upload(options);
  RawClient client(port());
  client.send(post_head(10) + "0123456789");
  auto [stream, responder] = take();
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 504);
  EXPECT_EQ(response->header("connection"), "close");
  EXPECT_EQ(code_of(pull(*stream)), "http.body-cut");
}

TEST_F(StreamedBody, ContinuesOnlyWhenTheHandlerAsks) {
  start_upload();
  RawClient client(port());
  client.send(post_head(4, "Expect: 100-continue\r\n"));
  auto [stream, responder] = take();
  auto pending = ask_for_chunk(*stream);
  const auto proceed = client.receive();
  ASSERT_TRUE(proceed);
  EXPECT_EQ(proceed->status, 100);
  client.send("bo");
  EXPECT_EQ(await(std::move(pending)).value_or(""), "bo");
  client.send("dy");
  EXPECT_EQ(pull_all(*stream), "dy");
  responder.send(Response::text(200, "taken"));
  ASSERT_EQ(received_body(client), "taken");
}

TEST_F(StreamedBody, AnswerWithoutAskingSendsNoContinue) {
  start_upload();
  RawClient client(port());
  client.send(post_head(4, "Expect: 100-continue\r\n"));
  auto [stream, responder] = take();
  responder.send(Response::text(403, "no"));
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(response->header("connection"), "close");
}

TEST_F(StreamedBody, AnswerRightAfterAskingComesBehindTheContinue) {
  start_upload();
  RawClient client(port());
  client.send(post_head(4, "Expect: 100-continue\r\n"));
  auto [stream, responder] = take();
  auto pending = ask_for_chunk(*stream);
  responder.send(Response::text(403, "no"));
  auto response = client.receive();
  if (response && response->status == 100) response = client.receive();  // the answer may also overtake the wish
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(code_of(await(std::move(pending))), "http.body-cut");
}

// A handler as one would write it: its callbacks ask again on the I/O thread.
struct Count : std::enable_shared_from_this<Count> {
  std::shared_ptr<BodyStream> body;
  std::optional<Responder> responder;
  std::size_t size = 0;
  void next() {
    body->read([self = shared_from_this()](const Outcome& outcome) {
      if (!outcome) return;
      if (!*outcome) return self->responder->send(Response::text(200, std::to_string(self->size)));
      self->size += (*outcome)->size();
      self->next();
    });
  }
};

TEST_F(StreamedBody, IsPulledFromItsOwnCallbacks) {
  auto route = make_route(Method::kPost, "/upload", Dispatch::kDeferred, [](Request request, Responder responder) {
    const auto count = std::make_shared<Count>();
    count->body = std::move(request.body_stream);
    count->responder = std::move(responder);
    count->next();
  });
  route.body = BodyMode::kStreamed;
  route.body_limit = kBodyLimit;
  start({std::move(route)});
  const auto requests = post("/upload", pattern(1'000'000)) + post("/upload", "small");
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(requests));
    ASSERT_EQ(received_body(client), "1000000");
    ASSERT_EQ(received_body(client), "5");
  }
}

TEST_F(StreamedBody, CallbackThatThrowsIsAnAnswerOf500) {
  auto route = make_route(Method::kPost, "/upload", Dispatch::kDeferred, [](Request request, Responder responder) {
    request.body_stream->read([kept = std::make_shared<Responder>(std::move(responder))](const Outcome&) {
      throw std::runtime_error("a defect");
    });
  });
  route.body = BodyMode::kStreamed;
  start({std::move(route)});
  EXPECT_EQ(testing::ask(port(), post("/upload", "body")).status, 500);
}

}  // namespace
}  // namespace sluice::http
