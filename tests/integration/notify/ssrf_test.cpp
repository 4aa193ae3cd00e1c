// S13: no spelling of an address leads a notification inside. A listener on every loopback address
// counts who came: nobody may.
#include <gtest/gtest.h>

#include "notify/infrastructure/destination.h"
#include "notify/infrastructure/target_client.h"
#include "notify/infrastructure/targets.h"
#include "platform/core/text.h"
#include "platform/http/client.h"
#include "support/http_target.h"

namespace sluice::notify::infrastructure {
namespace {

// PORT stands for the listener's. The first three are what an admin could write by mistake; the rest is
// what fools readers that are not strict.
const std::vector<std::string>& spellings() {
  static const std::vector<std::string> kAll{
      "http://127.0.0.1:PORT/",
      "https://127.0.0.1:PORT/",
      "http://localhost:PORT/",
      "http://LOCALHOST:PORT/",
      "http://localhost.:PORT/",
      "http://localhost.localdomain:PORT/",
      "http://ip6-localhost:PORT/",
      "http://127.1:PORT/",
      "http://127.0.1:PORT/",
      "http://127.255.255.254:PORT/",
      "http://0:PORT/",
      "http://0.0.0.0:PORT/",
      "http://00.00.00.00:PORT/",
      "http://2130706433:PORT/",
      "http://0x7f000001:PORT/",
      "http://0x7f.0.0.1:PORT/",
      "http://0x7f.1:PORT/",
      "http://0177.0.0.1:PORT/",
      "http://0177.1:PORT/",
      "http://017700000001:PORT/",
      "http://00000177.0.0.1:PORT/",
      "http://127.0.0.01:PORT/",
      "http://127.0.0.1.:PORT/",
      "http://[::1]:PORT/",
      "http://[0:0:0:0:0:0:0:1]:PORT/",
      "http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/",
      "http://[::]:PORT/",
      "http://[::ffff:127.0.0.1]:PORT/",
      "http://[::ffff:7f00:1]:PORT/",
      "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/",
      "http://[::127.0.0.1]:PORT/",
      "http://[64:ff9b::127.0.0.1]:PORT/",
      "http://[2002:7f00:1::]:PORT/",
      "http://[fe80::1%25lo]:PORT/",
      "http://[::1%25lo]:PORT/",
      "http://[::1%lo]:PORT/",
      "http://10.0.0.1:PORT/",
      "http://172.16.0.1:PORT/",
      "http://192.168.0.1:PORT/",
      "http://169.254.169.254:PORT/latest/meta-data/",
      "http://[fd00::1]:PORT/",
      "http://hooks.slack.com@127.0.0.1:PORT/",
      "https://hooks.slack.com@127.0.0.1:PORT/",
      "https://hooks.slack.com:443@127.0.0.1:PORT/",
      "https://127.0.0.1:PORT@hooks.slack.com:PORT/",
      "https://127.0.0.1:PORT#@hooks.slack.com/",
      "https://127.0.0.1:PORT/#@hooks.slack.com/",
      "https://127.0.0.1:PORT?@hooks.slack.com/",
      "https://127.0.0.1:PORT\\@hooks.slack.com/",
      "https://hooks.slack.com\\@127.0.0.1:PORT/",
      "https://hooks.slack.com%2f@127.0.0.1:PORT/",
      "https://hooks.slack.com%00.127.0.0.1:PORT/",
      "https://hooks.slack.com%0d%0a@127.0.0.1:PORT/",
      "https://hooks.slack.com.127.0.0.1:PORT/",
      "http://127.0.0.1%20:PORT/",
      "http://%31%32%37.0.0.1:PORT/",
      "http://127%2e0%2e0%2e1:PORT/",
      "http:///127.0.0.1:PORT/",
      "http:127.0.0.1:PORT/",
      "http:/127.0.0.1:PORT/",
      "http:\\\\127.0.0.1:PORT/",
      "//127.0.0.1:PORT/",
      "127.0.0.1:PORT/",
      "HTTP://127.0.0.1:PORT/",
      " http://127.0.0.1:PORT/",
      "http://127.0.0.1:PORT /",
      "http://127.0.0.1:\tPORT/",
      "http://127.0.0.1\r\n:PORT/",
      "http://①②⑦.⓪.⓪.①:PORT/",
      "http://127。0。0。1:PORT/",
      "http://ⓛocalhost:PORT/",
      "http://127.0.0.1:0PORT/",
      "http://127.0.0.1:+PORT/",
      "http://user:password@127.0.0.1:PORT/",
      "http://@127.0.0.1:PORT/",
      "http://:@127.0.0.1:PORT/",
      "http://[127.0.0.1]:PORT/",
      "http://[::1]x:PORT/",
      "http://{127.0.0.1,hooks.slack.com}:PORT/",
      "ftp://127.0.0.1:PORT/",
      "gopher://127.0.0.1:PORT/_x",
      "dict://127.0.0.1:PORT/x",
      "file:///etc/passwd",
      "unix:///var/run/docker.sock",
      "telnet://127.0.0.1:PORT/",
      "jar:http://127.0.0.1:PORT/!/",
  };
  return kAll;
}

std::string with_port(std::string text, std::uint16_t port) {
  for (auto at = text.find("PORT"); at != std::string::npos; at = text.find("PORT")) text.replace(at, 4, std::to_string(port));
  return text;
}

config::Notify config_for(const std::string& url, std::vector<std::string> allowed) {
  config::Notify config;
  config.allowed_hosts = std::move(allowed);
  config.targets["t"].kind = config::NotifyKind::kSlack;
  config.targets["t"].url = url;
  return config;
}

domain::Delivery delivery() {
  domain::Delivery delivery;
  delivery.message.event = "plan.ready";
  return delivery;
}

TEST(Ssrf, NoSpellingPassesTheAllowList) {
  ASSERT_GE(spellings().size(), 60U);
  test::CountingListener listener;
  const SystemClock clock;
  for (const std::string& spelling : spellings()) {
    const std::string url = with_port(spelling, listener.port());
    EXPECT_FALSE(open_targets(config_for(url, {"hooks.slack.com", "*.atlassian.net"}), clock)) << url;
  }
  EXPECT_EQ(listener.hits(), 0);
}

// The second wall alone: also where the allow-list says yes, by the host as it is written, no connection
// is opened to an address that is not public.
TEST(Ssrf, NoSpellingThatIsAllowedByNameReachesAPrivateAddress) {
  test::CountingListener listener;
  const SystemClock clock;
  int sent = 0;
  for (const std::string& spelling : spellings()) {
    const std::string url = with_port(spelling, listener.port());
    const auto destination = parse_destination(url);
    if (!destination) continue;
    auto targets = open_targets(config_for(url, {destination->origin(), destination->host_port()}), clock);
    ASSERT_TRUE(targets) << url;
    const auto outcome = targets->front().sender->send(delivery());
    EXPECT_NE(outcome.kind, domain::SendOutcome::Kind::kDelivered) << url;
    ++sent;
  }
  EXPECT_GE(sent, 10) << "otherwise this proves nothing";
  EXPECT_EQ(listener.hits(), 0);
}

// The third: whatever the strict reader would let through, the client's own address check holds.
TEST(Ssrf, NoSpellingGetsPastTheClientsAddressCheck) {
  test::CountingListener listener;
  http::ClientOptions options;
  options.allow_address = http::is_public_address;
  http::Client client(options);
  for (const std::string& spelling : spellings()) {
    http::ClientRequest request;
    request.url = with_port(spelling, listener.port());
    EXPECT_FALSE(client.send(request, Deadline::after(std::chrono::seconds{2}))) << request.url;
  }
  EXPECT_EQ(listener.hits(), 0);
}

TEST(Ssrf, APrivateAddressNeedsItsHostAndPortListed) {
  test::HttpTarget target;
  target.on(http::Method::kPost, "/hook", [](const http::Request&) { return http::Response::text(200, "ok"); }).start();
  const SystemClock clock;
  const std::string url = target.origin() + "/hook";
  auto config = config_for(url, {target.origin()});
  EXPECT_EQ(open_targets(config, clock)->front().sender->send(delivery()).kind, domain::SendOutcome::Kind::kRefused);
  config.allow_private = {"127.0.0.1:1", "localhost:" + std::to_string(target.port())};
  EXPECT_EQ(open_targets(config, clock)->front().sender->send(delivery()).kind, domain::SendOutcome::Kind::kRefused);
  EXPECT_TRUE(target.seen().empty());
  config.allow_private = {"127.0.0.1:" + std::to_string(target.port())};
  EXPECT_EQ(open_targets(config, clock)->front().sender->send(delivery()).kind, domain::SendOutcome::Kind::kDelivered);
  EXPECT_EQ(target.seen().size(), 1U);
}

TEST(Ssrf, ARedirectInsideIsNotFollowed) {
  test::CountingListener inside;
  test::HttpTarget target;
  target.on(http::Method::kPost, "/hook", [&](const http::Request&) {
    auto response = http::Response::text(307, "");
    response.headers.set("location", fmt::format("http://127.0.0.1:{}/", inside.port()));
    return response;
  });
  target.start();
  const SystemClock clock;
  auto config = config_for(target.origin() + "/hook", {target.origin()});
  config.allow_private = {"127.0.0.1:" + std::to_string(target.port())};
  EXPECT_EQ(open_targets(config, clock)->front().sender->send(delivery()).kind, domain::SendOutcome::Kind::kRefused);
  EXPECT_EQ(inside.hits(), 0);
}

// The metadata service of clouds stays out of reach even where private addresses are allowed.
TEST(Ssrf, LinkLocalStaysOutOfReach) {
  for (const char* host : {"169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"}) {
    const auto destination = parse_destination(fmt::format("http://{}/", host));
    ASSERT_TRUE(destination) << host;
    TargetClient client(*destination, Reach::kPrivateToo, {});
    const auto answer = client.call(http::Method::kGet, "/", "", {});
    ASSERT_FALSE(answer) << host;
    EXPECT_EQ(answer.error().code, "http-client.address-refused") << host;
  }
}

}  // namespace
}  // namespace sluice::notify::infrastructure
