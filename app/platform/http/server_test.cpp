// The server over real sockets: what a client sees.
#include "platform/http/server.h"


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

Route v1(auth::Role role, std::string pattern = "/v1/things/{name}") {
  auto route = make_route(Method::kPost, std::move(pattern), Dispatch::kWorker, [](const Request& request, Responder responder) {
    responder.send(Response::text(200, request.principal->id + " " + std::string(request.path_value("name"))));
  });
  route.access = Access::at_least(role);
  return route;
}

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  RawClient client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(get("/health/live"));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body, "alive");
    EXPECT_EQ(response->header("x-request-id").size(), 36U);
    EXPECT_EQ(response->header("date").size(), 29U);
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start({make_route(Method::kPost, "/slow", Dispatch::kWorker, [](Request request, Responder responder) {
    responder.send(Response::text(200, "slow " + request.body));
  })});
  RawClient client(port());
  std::string requests;
  for (int i = 0; i < 50; ++i) requests += post(i % 2 == 0 ? "/slow" : "/echo", std::to_string(i));
  client.send(requests);
  for (int i = 0; i < 50; ++i) {
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body, (i % 2 == 0 ? "slow " : "") + std::to_string(i));
  }
}

TEST_F(ServerTest, ReadsARequestByteByByte) {
  start();
  RawClient client(port());
  for (const char byte : post("/echo", "hello")) client.send({&byte, 1});
  const auto response = client.receive();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "hello");
}

TEST_F(ServerTest, ReadsAChunkedBodyWithExtensionAndTrailer) {
  start();
  RawClient client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain; charset=utf-8\r\nTransfer-Encoding: Chunked\r\n\r\n"
              "2;a=b\r\nab\r\n3\r\ncde\r\n0\r\nX-Trailer: y\r\n\r\n" + get("/health/live"));
  EXPECT_EQ(client.receive()->body, "abcde");
  EXPECT_EQ(client.receive()->body, "alive");
}

TEST_F(ServerTest, ReadsABodyOfItsLimitAndRefusesAByteMore) {
  start();
  const std::string body(1024 * 1024, 'x');
  RawClient client(port());
  client.send(post("/echo", body));
  EXPECT_EQ(client.receive()->body, body);
  client.send(post("/echo", body + "x"));
  const auto refused = client.receive();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 413);
  EXPECT_TRUE(client.closed_by_peer());
}

TEST_F(ServerTest, ContinuesWhenTheClientWaitsForIt) {
  start();
  RawClient client(port());
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100);
  client.send("ab");
  EXPECT_EQ(client.receive()->body, "ab");
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  start();
  for (const auto* request : {"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                              "GET /health/live HTTP/1.0\r\n\r\n"}) {
    RawClient client(port());
    client.send(request);
    EXPECT_EQ(client.receive()->status, 200);
    EXPECT_TRUE(client.closed_by_peer());
  }
}

TEST_F(ServerTest, HeadIsGetWithoutABody) {
  start();
  RawClient client(port());
  client.send("HEAD /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.receive(true)->header("content-length"), "5");
  client.send(get("/health/live"));
  EXPECT_EQ(client.receive()->body, "alive");
}

TEST_F(ServerTest, OptionsNamesTheMethods) {
  start();
  const auto response = ask(port(), "OPTIONS /health/live HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("allow"), "GET, HEAD, OPTIONS");
}

TEST_F(ServerTest, RefusesUnknownPathsAndMethods) {
  start();
  EXPECT_EQ(ask(port(), get("/nothing")).status, 404);
  for (const auto* method : {"DELETE", "TRACE", "BREW"}) {
    const auto response = ask(port(), fmt::format("{} /health/live HTTP/1.1\r\nHost: a\r\n\r\n", method));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(response.header("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(response.header("content-type"), "application/problem+json");
  }
}

TEST_F(ServerTest, RefusesOtherContentTypesAndKeepsTheConnection) {
  start({v1(auth::Role::kViewer)});
  RawClient client(port());
  for (const auto* type : {"Content-Type: text/html\r\n", "Content-Type: application/jsonx\r\n", ""}) {
    client.send(fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\n{}Content-Length: 2\r\n\r\n{{}}", type));
    const auto response = client.receive();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 415);
    EXPECT_EQ(code_of(*response), "http.content-type");
  }
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: Application/JSON;charset=utf-8\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.receive()->status, 200);
}

TEST_F(ServerTest, RefusesABodyWhereNoneIsTaken) {
  start();
  EXPECT_EQ(ask(port(), get("/health/live", "Content-Type: text/plain\r\nContent-Length: 2\r\n") + "ab").status, 415);
}

// G25: every /v1 call brings its id.
TEST_F(ServerTest, DemandsARequestIdUnderV1AndEchoesIt) {
  start({v1(auth::Role::kViewer)});
  const auto with = [&](std::string_view line) {
    return ask(port(), post("/v1/things/a", "{}", fmt::format("Authorization: Bearer viewer\r\n{}", line)));
  };
  EXPECT_EQ(code_of(with("")), "request-id.missing");
  for (const auto& bad : {std::string("a b"), std::string("a/b"), std::string(129, 'a'), std::string("ä")})
    EXPECT_EQ(code_of(with("X-Request-Id: " + bad + "\r\n")), "request-id.malformed") << bad;
  const auto good = with("X-Request-ID: Az09._:-\r\n");
  EXPECT_EQ(good.status, 200);
  EXPECT_EQ(good.header("x-request-id"), "Az09._:-");
  EXPECT_EQ(ask(port(), get("/nothing", "x-request-id: mine\r\n")).header("x-request-id"), "mine");
  EXPECT_EQ(ask(port(), "GET /%zz HTTP/1.1\r\nHost: a\r\nx-request-id: mine\r\n\r\n").header("x-request-id"), "mine");
}

TEST_F(ServerTest, ContinuesATrace) {
  start();
  const auto response = ask(port(), get("/health/live", "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"));
  EXPECT_TRUE(response.header("traceparent").starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
  EXPECT_EQ(response.header("traceparent").find("00f067aa0ba902b7"), std::string::npos);
  EXPECT_EQ(ask(port(), get("/health/live")).header("traceparent").size(), 55U);
}

struct Remembers : ServerTest, ::testing::WithParamInterface<bool> {};

TEST_P(Remembers, LetsInWhoMay) {
  authenticator_ = testing::FakeAuthenticator(GetParam());
  start({v1(auth::Role::kEditor)});
  const auto as = [&](std::string_view authorization) {
    return ask(port(), post("/v1/things/a%2Fb", "{}", fmt::format("x-request-id: 1\r\n{}", authorization)));
  };
  EXPECT_EQ(as("Authorization: Bearer editor\r\n").body, "editor a/b");
  EXPECT_EQ(as("Authorization: bearer editor\r\n").status, 200);
  EXPECT_EQ(code_of(as("Authorization: Bearer viewer\r\n")), "auth.forbidden");
  EXPECT_EQ(as("Authorization: Bearer viewer\r\n").status, 403);
  EXPECT_EQ(code_of(as("Authorization: Bearer nobody\r\n")), "auth.unknown");
  EXPECT_EQ(code_of(as("Authorization: Basic abc\r\n")), "auth.malformed");
  EXPECT_EQ(code_of(as("Authorization: Bearer \r\n")), "auth.malformed");
  const auto missing = as("");
  EXPECT_EQ(missing.status, 401);
  EXPECT_EQ(code_of(missing), "auth.missing");
  EXPECT_EQ(missing.header("www-authenticate"), "Bearer realm=\"sluice\"");
  EXPECT_EQ(missing.header("x-request-id"), "1");
}

INSTANTIATE_TEST_SUITE_P(Tokens, Remembers, ::testing::Bool());

TEST_F(ServerTest, LimitsTheRateOfEachCaller) {
  RateLimiter limiter({2, 60s});
  start({v1(auth::Role::kViewer)}, {}, &limiter);
  const auto as = [&](std::string_view token) {
    return ask(port(), post("/v1/things/a", "{}", fmt::format("x-request-id: 1\r\nAuthorization: Bearer {}\r\n", token)));
  };
  EXPECT_EQ(as("viewer").status, 200);
  EXPECT_EQ(as("viewer").status, 200);
  const auto refused = as("viewer");
  EXPECT_EQ(refused.status, 429);
  const int seconds = std::stoi(refused.header("retry-after"));
  EXPECT_GE(seconds, 1);
  EXPECT_LE(seconds, 60);
  EXPECT_EQ(as("editor").status, 200);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(port(), get("/health/live")).status, 200);
}

TEST_F(ServerTest, DoesNotStartWithAnUndeclaredRoute) {
  Router router;
  auto route = make_route(Method::kGet, "/open", Dispatch::kInline, [](const Request&, const Responder&) {});
  route.access.reset();
  router.add(std::move(route));
  ServerServices services;
  services.metrics = &metrics_;
  services.ids = &ids_;
  services.clock = &clock_;
  Server server({}, std::move(router), services);
  const auto status = server.start();
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("GET /open"), std::string::npos);
}

TEST_F(ServerTest, CountsWhatItServed) {
  start();
  ask(port(), get("/health/live"));
  ask(port(), get("/nothing"));
  ask(port(), "bad\r\n\r\n");
  ask(port(), "AAA1 /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  server_->stop();
  const auto page = metrics_.render();
  EXPECT_NE(page.find(R"(http_requests_total{method="GET",route="/health/live",status="200"} 1)"), std::string::npos) << page;
  EXPECT_NE(page.find(R"(http_requests_total{method="GET",route="none",status="404"} 1)"), std::string::npos);
  EXPECT_NE(page.find(R"(http_requests_total{method="none",route="none",status="400"} 1)"), std::string::npos);
  EXPECT_NE(page.find(R"(http_requests_total{method="other",route="none",status="404"} 1)"), std::string::npos) << page;
  EXPECT_NE(page.find("http_connections 0"), std::string::npos);
  EXPECT_NE(page.find("http_in_flight 0"), std::string::npos);
}

}  // namespace
}  // namespace sluice::http
