#include "notify/infrastructure/destination.h"

#include <gtest/gtest.h>

#include "notify/infrastructure/targets.h"
#include "notify/infrastructure/webhook_sender.h"

namespace sluice::notify::infrastructure {
namespace {

TEST(ParseDestination, ReadsWhatIsPlain) {
  const auto slack = parse_destination("https://Hooks.Slack.com/services/T0/B0/x?y=1");
  ASSERT_TRUE(slack);
  EXPECT_EQ(slack->origin(), "https://hooks.slack.com");
  EXPECT_EQ(slack->host_port(), "hooks.slack.com:443");
  EXPECT_EQ(slack->path, "/services/T0/B0/x?y=1");
  EXPECT_EQ(parse_destination("http://127.0.0.1:9000")->origin(), "http://127.0.0.1:9000");
  EXPECT_EQ(parse_destination("https://[::1]:8443/x")->host_port(), "[::1]:8443");
}

struct AllowCase {
  const char* url;
  std::vector<std::string> allowed;
  bool is_allowed;
};

TEST(IsAllowed, ComparesHostPortAndScheme) {  // S13
  for (const AllowCase& c :
       {AllowCase{"https://hooks.slack.com/x", {"hooks.slack.com"}, true}, AllowCase{"https://hooks.slack.com/x", {}, false},
        AllowCase{"https://evil.hooks.slack.com/", {"hooks.slack.com"}, false},
        AllowCase{"https://hooks.slack.com.evil.example/", {"hooks.slack.com"}, false},
        AllowCase{"https://hooks.slack.com:8443/", {"hooks.slack.com"}, false},
        AllowCase{"https://hooks.slack.com:8443/", {"hooks.slack.com:8443"}, true},
        AllowCase{"http://hooks.slack.com/", {"hooks.slack.com"}, false},
        AllowCase{"http://hooks.slack.com:443/", {"hooks.slack.com"}, false},
        AllowCase{"http://127.0.0.1:9000/", {"http://127.0.0.1:9000"}, true},
        AllowCase{"http://127.0.0.1:9001/", {"http://127.0.0.1:9000"}, false},
        AllowCase{"https://127.0.0.1:9000/", {"http://127.0.0.1:9000"}, false},
        AllowCase{"https://acme.atlassian.net", {"*.atlassian.net"}, true},
        AllowCase{"https://atlassian.net", {"*.atlassian.net"}, false},
        AllowCase{"https://evilatlassian.net", {"*.atlassian.net"}, false},
        AllowCase{"https://a.b.atlassian.net", {"*.atlassian.net"}, true},
        AllowCase{"https://anything.example", {"*"}, false}}) {
    const auto destination = parse_destination(c.url);
    ASSERT_TRUE(destination) << c.url;
    EXPECT_EQ(is_allowed(*destination, c.allowed), c.is_allowed) << c.url;
  }
}

TEST(WebhookSignature, IsAnHmacOfTimeAndBody) {
  // printf '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
  EXPECT_EQ(webhook_signature("0123456789abcdef", TimePoint{std::chrono::milliseconds{1'700'000'000'999}}, "{}"),
            "t=1700000000,v1=e4f8e2ecae2295b2ddb2f0b5584c8275e226c0ebe9b3b819e70156bb67122e3e");
}

TEST(OpenTargets, FindsEverythingThatIsWrongAtOnceAndShowsNoSecret) {
  config::Notify config;
  config.allowed_hosts = {"hooks.slack.com"};
  config.targets["a"] = {.kind = config::NotifyKind::kSlack, .url = "https://user:hunter2@hooks.slack.com/", .secret = "",
                         .user = "", .token = "", .events = {"plan.redy"}, .environments = {}, .transitions = {}};
  config.targets["b"] = {.kind = config::NotifyKind::kWebhook, .url = "https://evil.example/hunter2", .secret = "short",
                         .user = "", .token = "", .events = {}, .environments = {}, .transitions = {{"later", "Done"}}};
  config.targets["c"] = {.kind = config::NotifyKind::kJira, .url = "", .secret = "", .user = "", .token = "", .events = {},
                         .environments = {}, .transitions = {}};
  const SystemClock clock;
  const auto targets = open_targets(config, clock);
  ASSERT_FALSE(targets);
  std::string all = targets.error().describe();
  std::vector<std::string> fields;
  for (const Problem& problem : targets.error().problems) {
    fields.push_back(problem.field);
    all += problem.message + problem.fix;
  }
  EXPECT_EQ(fields, (std::vector<std::string>{"notify.targets.a.events", "notify.targets.a.url", "notify.targets.b.transitions",
                                              "notify.targets.b.secret", "notify.targets.b.url", "notify.targets.c.token",
                                              "notify.targets.c.url"}));
  EXPECT_EQ(all.find("hunter2"), std::string::npos) << all;
}

}  // namespace
}  // namespace sluice::notify::infrastructure
