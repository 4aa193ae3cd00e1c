// The program's configuration: plain values that everybody reads, loaded once at the start from one
// strict YAML file with overrides from the environment. What keys there are, with their types,
// defaults and meaning, is the table in keys.cpp; nothing else lists them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "platform/config/source.h"
#include "platform/core/error.h"
#include "platform/core/result.h"

namespace sluice::config {

using Milliseconds = std::chrono::milliseconds;
using Properties = std::map<std::string, std::string>;

enum class Profile : std::uint8_t { kDevelopment, kProduction };
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };
enum class LogFormat : std::uint8_t { kAuto, kJson, kHuman };  // auto: human on a terminal

struct Tls {
  std::string certificate;  // files, PEM
  std::string key;
  [[nodiscard]] bool enabled() const { return !certificate.empty(); }
};

struct Server {
  std::string listen;
  std::uint16_t port = 0;  // 0 = any free port
  bool behind_proxy = false;
  Tls tls;
  int io_threads = 0;
  int workers = 0;
  std::size_t worker_queue = 0;
  std::size_t max_connections = 0;
  Milliseconds request_deadline{};
  Milliseconds header_deadline{};
  Milliseconds body_deadline{};
  Milliseconds idle_timeout{};
  Milliseconds drain{};
};

struct Metrics {
  std::string listen;
  std::uint16_t port = 0;  // 0 = no listener of its own; /metrics on the main port, with a token
};

struct Database {
  std::string url;  // empty = SQLite
  std::string sqlite_path;
  std::size_t pool_size = 0;
  Milliseconds call_deadline{};
  Milliseconds connect_deadline{};
  bool migrate_on_start = false;
  [[nodiscard]] bool is_postgres() const { return !url.empty(); }
};

struct Kafka {
  Properties properties;  // librdkafka's names; "bootstrap.servers" is there
  std::string compression;
  Milliseconds call_deadline{};
  Milliseconds statistics_interval{};
};

// A cluster beside that of `kafka`, for the environments that it names.
struct Cluster {
  std::vector<std::string> environments;
  Properties properties;
  std::string expected_cluster_id;
  std::string akhq_url;
};

struct Auth {
  std::string issuer;
  std::string audience;
  std::string jwks_file;     // empty = no JWTs
  std::string signing_keys;  // a folder
  Milliseconds clock_skew{};
  Milliseconds cache{};
  bool service_tokens = false;
};

struct RateLimit {
  Milliseconds window{};
  std::uint32_t max = 0;
};

struct Governance {
  std::string policies_file;
  std::string topics_file;  // empty = none
  std::string akhq_url;     // empty = no deep links
  std::vector<std::string> environments;
  std::vector<std::string> protected_environments;
  std::string expected_cluster_id;  // of `kafka`; empty = any
  int plan_retention_days = 0;
  int catalogue_interval_s = 0;
  int gone_retention_days = 0;
  int drift_interval_s = 0;
  std::size_t max_groups = 0;
  std::int64_t reassignment_throttle_bytes_per_s = 0;  // of each broker
};

struct S3 {
  std::string endpoint;
  std::string bucket;
  std::string region;
  std::string access_key;
  std::string secret_key;
  bool path_style = false;
  [[nodiscard]] bool enabled() const { return !endpoint.empty(); }
};

struct Objects {
  std::string folder;  // unused when s3 is enabled
  S3 s3;
};

struct Registry {
  std::string url;  // empty = none
};

enum class NotifyKind : std::uint8_t { kSlack, kJira, kWebhook };
enum class JiraApi : std::uint8_t { kV2, kV3 };

struct NotifyTarget {
  NotifyKind kind = NotifyKind::kWebhook;
  std::string url;
  std::string secret;  // of a webhook
  std::string user;    // of Jira; empty = `token` is a bearer token
  std::string token;
  JiraApi api = JiraApi::kV3;
  std::vector<std::string> events;        // empty = all
  std::vector<std::string> environments;  // empty = all
  Properties transitions;                 // Jira: event → transition
};

struct Notify {
  std::map<std::string, NotifyTarget> targets;
  std::vector<std::string> allowed_hosts;
  std::vector<std::string> allow_private;
  std::string link_url;  // empty = no links
  std::int64_t queue_limit = 0;
  std::int64_t max_attempts = 0;
  Milliseconds max_age{};
};

struct Sentry {
  std::string dsn;  // empty = off
  std::string environment;
  std::string release;  // empty = the program's version
};

struct Log {
  LogLevel level = LogLevel::kInfo;
  LogFormat format = LogFormat::kAuto;
};

struct Config {
  Profile profile = Profile::kDevelopment;
  std::vector<std::string> roles;
  Server server;
  Metrics metrics;
  Database database;
  Kafka kafka;
  std::map<std::string, Cluster> clusters;  // by the name that the file gives it
  Auth auth;
  RateLimit rate_limit;
  Governance governance;
  Registry registry;
  Objects objects;
  Notify notify;
  Sentry sentry;
  Log log;

  std::vector<Problem> warnings;  // what the operator should mend, though it works
  // Keys whose values came out of ${file:…}: print hides them like secrets.
  std::set<std::string, std::less<>> from_files;

  [[nodiscard]] bool production() const { return profile == Profile::kProduction; }
  [[nodiscard]] bool has_role(std::string_view role) const;
};

// Every problem at once: error kInvalid "config.invalid", or "text.malformed" when the file is not
// YAML. No message shows a secret's value. Reads files only through `source.files`.
Result<Config> load(const Source& source);

// "sluice.yaml:3:5: server.prot: … (did you mean …?)", one line for each problem.
std::string describe_problems(const std::string& path, const std::vector<Problem>& problems);

}  // namespace sluice::config
