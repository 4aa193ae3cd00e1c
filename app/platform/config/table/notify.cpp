#include <array>
#include <string_view>

#include "platform/config/table/places.h"

namespace sluice::config::table {
namespace {

constexpr std::array<std::string_view, 3> kKinds{"slack", "jira", "webhook"};
constexpr std::array<std::string_view, 2> kJiraApis{"2", "3"};

std::vector<std::string> target_names(const Config& config) { return names_of(config.notify.targets); }
NotifyTarget& target(Config& config, const std::string& name) { return config.notify.targets[name]; }

// NOLINTNEXTLINE(readability-function-size): one table, no logic
std::vector<Key> target_keys() {
  return {
    {.path = "notify.targets.*.kind",
     .named_target = [](Config& c, const std::string& n) { return choice(target(c, n).kind); },
     .names = target_names,
     .description = "What it is: Slack's incoming webhook, a Jira, or a signed webhook of your own.",
     .development = "webhook",
     .choices = kKinds},
    {.path = "notify.targets.*.url",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).url; },
     .names = target_names,
     .description = "Where it is, of a host among `notify.allowed_hosts`. Slack's is a secret; Jira's is its base address.",
     .development = "\"\"",
     .form = StringForm::kHookUrl,
     .secret = true},
    {.path = "notify.targets.*.secret",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).secret; },
     .names = target_names,
     .description = "Of a webhook: the key of its signatures, at least 16 characters.",
     .development = "\"\"",
     .secret = true},
    {.path = "notify.targets.*.user",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).user; },
     .names = target_names,
     .description = "Of Jira: who logs in with the token; empty = the token is a bearer token.",
     .development = "\"\""},
    {.path = "notify.targets.*.token",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).token; },
     .names = target_names,
     .description = "Of Jira: an API token, or a personal access token.",
     .development = "\"\"",
     .secret = true},
    {.path = "notify.targets.*.api",
     .named_target = [](Config& c, const std::string& n) { return choice(target(c, n).api); },
     .names = target_names,
     .description = "Of Jira: the version of its REST API, 3 on Cloud, 2 on Server and Data Center.",
     .development = "\"3\"",
     .choices = kJiraApis},
    {.path = "notify.targets.*.events",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).events; },
     .names = target_names,
     .description = "Events that it is told: plan.ready, change.approved, change.rejected, change.applied, "
                    "change.failed, drift.found; none named = all.",
     .development = "[]"},
    {.path = "notify.targets.*.environments",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).environments; },
     .names = target_names,
     .description = "Environments that it is told of; `*` stands for any characters; none named = all.",
     .development = "[]"},
    {.path = "notify.targets.*.transitions",
     .named_target = [](Config& c, const std::string& n) -> Target { return &target(c, n).transitions; },
     .names = target_names,
     .description = "Of Jira: by event, the transition (or the status) that the issue is to take.",
     .development = "{}"},
  };
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): one table, no logic
std::vector<Key> notify_keys() {
  std::vector<Key> keys = target_keys();
  const std::vector<Key> others{
    {.path = "notify.allowed_hosts",
     .target = [](Config& c) -> Target { return &c.notify.allowed_hosts; },
     .description = "Hosts that targets may be on: `host`, `*.host`, `host:port`, or `http://host:port` for plain HTTP.",
     .development = "[hooks.slack.com, \"*.atlassian.net\"]"},
    {.path = "notify.allow_private",
     .target = [](Config& c) -> Target { return &c.notify.allow_private; },
     .description = "`host:port` of targets that may have a private or loopback address; no other may.",
     .development = "[]"},
    {.path = "notify.link_url",
     .target = [](Config& c) -> Target { return &c.notify.link_url; },
     .description = "Address of this API as people reach it, for links to changes; empty = no links.",
     .development = "\"\"",
     .form = StringForm::kWebUrl},
    {.path = "notify.queue_limit",
     .target = [](Config& c) { return number(c.notify.queue_limit); },
     .description = "Notifications that may wait; the oldest beyond it become dead.",
     .development = "10000",
     .min = 100,
     .max = 1'000'000},
    {.path = "notify.max_attempts",
     .target = [](Config& c) { return number(c.notify.max_attempts); },
     .description = "Attempts at one notification, then it is dead.",
     .development = "20",
     .min = 1,
     .max = 1'000},
    {.path = "notify.max_age_ms",
     .target = [](Config& c) { return number(c.notify.max_age); },
     .description = "How long one notification is tried, then it is dead.",
     .development = "86400000",
     .min = 60'000,
     .max = 30 * kDay},
    {.path = "sentry.dsn",
     .target = [](Config& c) -> Target { return &c.sentry.dsn; },
     .description = "Sentry's DSN: unexpected errors go there, without secrets; empty = nowhere.",
     .development = "\"\"",
     .form = StringForm::kHookUrl,
     .secret = true},
    {.path = "sentry.environment",
     .target = [](Config& c) -> Target { return &c.sentry.environment; },
     .description = "The environment that Sentry shows.",
     .development = "development",
     .production = "production"},
    {.path = "sentry.release",
     .target = [](Config& c) -> Target { return &c.sentry.release; },
     .description = "The release that Sentry shows; empty = this program's version.",
     .development = "\"\""},
  };
  keys.insert(keys.end(), others.begin(), others.end());
  return keys;
}

}  // namespace sluice::config::table
