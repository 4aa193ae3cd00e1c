#include "platform/http/client.h"

#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "platform/http/testing/server_fixture.h"

namespace sluice::http {
namespace {

using testing::make_route;
using namespace std::chrono_literals;

class ClientTest : public testing::ServerTest {
 protected:
  Result<ClientResponse> send(Client& client, Method method, std::string_view path, std::string body = "",
                              std::chrono::milliseconds wait = 10s) {
    ClientRequest request;
    request.method = method;
    request.url = fmt::format("http://127.0.0.1:{}{}", port(), path);
    request.body = std::move(body);
    if (!request.body.empty()) request.headers.set("content-type", "text/plain");
    return client.send(request, Deadline::after(wait));
  }
};

TEST_F(ClientTest, SendsAndReceives) {
  start();
  Client client;
  const auto response = send(client, Method::kPost, "/echo", std::string(200'000, 'a'));
  ASSERT_TRUE(response) << response.error().describe();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, std::string(200'000, 'a'));
  EXPECT_EQ(response->headers.get("content-type"), "text/plain; charset=utf-8");
  EXPECT_EQ(send(client, Method::kHead, "/health/live")->body, "");
  EXPECT_EQ(send(client, Method::kDelete, "/health/live")->status, 405);
}

TEST_F(ClientTest, ReusesItsConnection) {
  start();
  Client client;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(client, Method::kGet, "/health/live")->status, 200);
  EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(ClientTest, FollowsNoRedirect) {
  start({make_route(Method::kGet, "/away", Dispatch::kInline, [](const Request&, Responder responder) {
    auto response = Response::text(302, "");
    response.headers.set("location", "/health/live");
    responder.send(std::move(response));
  })});
  Client client;
  EXPECT_EQ(send(client, Method::kGet, "/away")->status, 302);
}

TEST_F(ClientTest, BoundsTheAnswerAndTheTime) {
  start({make_route(Method::kGet, "/never", Dispatch::kDeferred, [kept = std::make_shared<std::vector<Responder>>()](
                                                                     const Request&, Responder responder) {
    kept->push_back(std::move(responder));
  })});
  ClientOptions options;
  options.response_limit = 10;
  Client client(options);
  EXPECT_EQ(send(client, Method::kPost, "/echo", "0123456789")->body, "0123456789");
  EXPECT_EQ(send(client, Method::kPost, "/echo", "01234567890").error().code, "http-client.too-large");
  const auto late = send(client, Method::kGet, "/never", "", 50ms);
  EXPECT_EQ(late.error().code, "http-client.timeout");
  EXPECT_TRUE(late.error().retryable());
  EXPECT_EQ(send(client, Method::kGet, "/health/live")->status, 200) << "a failed transfer must not spoil the next";
}

TEST_F(ClientTest, IgnoresProxiesOfTheEnvironment) {
  start();
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  Client client;
  EXPECT_EQ(send(client, Method::kGet, "/health/live")->status, 200);
  unsetenv("http_proxy");
}

TEST_F(ClientTest, RefusesAddressesThePolicyForbids) {
  start();
  ClientOptions options;
  options.allow_address = is_public_address;
  Client client(options);
  EXPECT_EQ(send(client, Method::kGet, "/health/live").error().code, "http-client.address-refused");
}

TEST(Client, RefusesOtherSchemesAndInjectedHeaders) {
  Client client;
  const auto code = [&](std::string url, std::string header = "a") {
    ClientRequest request;
    request.url = std::move(url);
    request.headers.set("x", header);
    return client.send(request, Deadline::after(10s)).error().code;
  };
  EXPECT_EQ(code("file:///etc/passwd"), "http-client.url");
  EXPECT_EQ(code("gopher://127.0.0.1/"), "http-client.url");
  EXPECT_EQ(code("http://a b/"), "http-client.url");
  EXPECT_EQ(code("http://127.0.0.1/", "a\r\nb: c"), "http-client.header");
  EXPECT_EQ(code("http://127.0.0.1:1/"), "http-client.unreachable");
}

TEST(Client, ErrorsShowNoSecretOfTheUrl) {
  Client client;
  ClientRequest request;
  request.url = "http://kim:hunter2@127.0.0.1:1/hook?token=hunter3";
  const auto text = client.send(request, Deadline::after(10s)).error().describe();
  EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
}

TEST(IsPlainAddress, KnowsTheOneUsualSpelling) {
  for (const auto* text : {"127.0.0.1", "8.8.8.8"}) EXPECT_TRUE(is_plain_ipv4(text)) << text;
  for (const auto* text : {"127.1", "127.0.0.01", "0x7f.0.0.1", "2130706433", "127.0.0.1.", " 127.0.0.1", "", "::1"})
    EXPECT_FALSE(is_plain_ipv4(text)) << text;
  for (const auto* text : {"::1", "fe80::1", "::ffff:127.0.0.1"}) EXPECT_TRUE(is_plain_ipv6(text)) << text;
  for (const auto* text : {"0:0:0:0:0:0:0:1", "::1%lo", "::ffff:7f00:1", "FE80::1", "", "127.0.0.1"})
    EXPECT_FALSE(is_plain_ipv6(text)) << text;
}

TEST(IsPublicAddress, KnowsTheSpecialRanges) {
  for (const auto* address :
       {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1", "2001:db8::1", "nonsense", ""})
    EXPECT_FALSE(is_public_address(address)) << address;
  for (const auto* address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
    EXPECT_TRUE(is_public_address(address)) << address;
}

}  // namespace
}  // namespace sluice::http
