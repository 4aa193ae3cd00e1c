#include "platform/config/keys.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <type_traits>

#include "platform/core/text.h"

namespace sluice::config {
namespace {

template <typename Number>
Target number(Number& place) {
  return NumberTarget{[&place](std::int64_t value) { place = static_cast<Number>(value); },
                      [&place] { return static_cast<std::int64_t>(place); }};
}
Target number(Milliseconds& place) {
  return NumberTarget{[&place](std::int64_t value) { place = Milliseconds(value); },
                      [&place] { return static_cast<std::int64_t>(place.count()); }};
}
template <typename Enum>
Target choice(Enum& place) {
  return ChoiceTarget{[&place](std::size_t index) { place = static_cast<Enum>(index); },
                      [&place] { return static_cast<std::size_t>(place); }};
}

template <typename Struct>
std::vector<std::string> names_of(const std::map<std::string, Struct>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.first);
  return names;
}

constexpr std::array<std::string_view, 2> kProfiles{"development", "production"};
constexpr std::array<std::string_view, 2> kRoles{"all", "governance"};
constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 3> kFormats{"auto", "json", "human"};
constexpr std::array<std::string_view, 5> kCompressions{"none", "gzip", "snappy", "lz4", "zstd"};

constexpr std::int64_t kMaxPort = 65'535;
constexpr std::int64_t kHour = 3'600'000;  // milliseconds
constexpr std::int64_t kDay = 24 * kHour;

// Order: as print and the page show them; keys of one section stand together.
// NOLINTNEXTLINE(readability-function-size): one table, no logic
const std::vector<Key>& table() {
  static const std::vector<Key> kTable{
      {.path = "profile",
       .target = [](Config& c) { return choice(c.profile); },
       .description = "Decides the other defaults: `development` for a laptop, `production` is strict.",
       .development = "development",
       .choices = kProfiles},
      {.path = "roles",
       .target = [](Config& c) -> Target { return &c.roles; },
       .description = "What this process does; `all` is every role.",
       .development = "[all]",
       .choices = kRoles,
       .min = 1},

      {.path = "server.listen",
       .target = [](Config& c) -> Target { return &c.server.listen; },
       .description = "Numeric address of the API. In production beyond loopback only with TLS or `server.behind_proxy`.",
       .development = "127.0.0.1",
       .form = StringForm::kAddress},
      {.path = "server.port",
       .target = [](Config& c) { return number(c.server.port); },
       .description = "Port of the API; 0 takes any free one.",
       .development = "8080",
       .max = kMaxPort},
      {.path = "server.behind_proxy",
       .target = [](Config& c) -> Target { return &c.server.behind_proxy; },
       .description = "A proxy in front ends TLS, so plain HTTP beyond loopback is meant.",
       .development = "false"},
      {.path = "server.tls.certificate",
       .target = [](Config& c) -> Target { return &c.server.tls.certificate; },
       .description = "PEM file with the certificate and its chain; empty = plain HTTP.",
       .development = "\"\"",
       .form = StringForm::kInputFile},
      {.path = "server.tls.key",
       .target = [](Config& c) -> Target { return &c.server.tls.key; },
       .description = "PEM file with the certificate's private key.",
       .development = "\"\"",
       .form = StringForm::kInputFile},
      {.path = "server.io_threads",
       .target = [](Config& c) { return number(c.server.io_threads); },
       .description = "Threads that read and write connections.",
       .development = "2",
       .min = 1,
       .max = 64},
      {.path = "server.workers",
       .target = [](Config& c) { return number(c.server.workers); },
       .description = "Threads that run requests which wait for Kafka or the database.",
       .development = "8",
       .min = 1,
       .max = 256},
      {.path = "server.worker_queue",
       .target = [](Config& c) { return number(c.server.worker_queue); },
       .description = "Requests that may wait for a worker; beyond it the answer is 503.",
       .development = "256",
       .min = 1,
       .max = 100'000},
      {.path = "server.request_deadline_ms",
       .target = [](Config& c) { return number(c.server.request_deadline); },
       .description = "Longest time for one request, from its head to its answer.",
       .development = "30000",
       .min = 100,
       .max = kHour},
      {.path = "server.header_deadline_ms",
       .target = [](Config& c) { return number(c.server.header_deadline); },
       .description = "Longest time for a request's head to arrive.",
       .development = "10000",
       .min = 100,
       .max = kHour},
      {.path = "server.body_deadline_ms",
       .target = [](Config& c) { return number(c.server.body_deadline); },
       .description = "Longest time for a request's body to arrive.",
       .development = "30000",
       .min = 100,
       .max = kHour},
      {.path = "server.idle_timeout_ms",
       .target = [](Config& c) { return number(c.server.idle_timeout); },
       .description = "How long an idle keep-alive connection stays open.",
       .development = "75000",
       .min = 100,
       .max = kHour},
      {.path = "server.max_connections",
       .target = [](Config& c) { return number(c.server.max_connections); },
       .description = "Open connections at most; further ones are closed at once.",
       .development = "12000",
       .min = 1,
       .max = 1'000'000},
      {.path = "server.drain_ms",
       .target = [](Config& c) { return number(c.server.drain); },
       .description = "At shutdown, how long requests already taken may still run.",
       .development = "10000",
       .max = kHour},

      {.path = "metrics.listen",
       .target = [](Config& c) -> Target { return &c.metrics.listen; },
       .description = "Loopback address of the listener for `/metrics`, which asks for no token.",
       .development = "127.0.0.1",
       .form = StringForm::kAddress},
      {.path = "metrics.port",
       .target = [](Config& c) { return number(c.metrics.port); },
       .description = "Its port; 0 = no such listener, `/metrics` is on the main port and needs a token.",
       .development = "9464",
       .max = kMaxPort},

      {.path = "database.url",
       .target = [](Config& c) -> Target { return &c.database.url; },
       .description = "PostgreSQL, as `postgresql://user:password@host/name`; empty = SQLite.",
       .development = "\"\"",
       .form = StringForm::kDatabaseUrl,
       .secret = true},
      {.path = "database.sqlite_path",
       .target = [](Config& c) -> Target { return &c.database.sqlite_path; },
       .description = "SQLite's file, used when there is no `database.url`; one process owns it.",
       .development = "sluice.db",
       .production = "/var/lib/sluice/sluice.db"},
      {.path = "database.pool_size",
       .target = [](Config& c) { return number(c.database.pool_size); },
       .description = "PostgreSQL connections of this process at most.",
       .development = "8",
       .min = 1,
       .max = 500},
      {.path = "database.call_deadline_ms",
       .target = [](Config& c) { return number(c.database.call_deadline); },
       .description = "Longest time for one statement or transaction.",
       .development = "5000",
       .min = 10,
       .max = kHour},
      {.path = "database.connect_deadline_ms",
       .target = [](Config& c) { return number(c.database.connect_deadline); },
       .description = "Longest time to open a connection.",
       .development = "5000",
       .min = 10,
       .max = kHour},
      {.path = "database.migrate_on_start",
       .target = [](Config& c) -> Target { return &c.database.migrate_on_start; },
       .description = "Bring the schema up to date at the start; otherwise run `sluice migrate up`.",
       .development = "true",
       .production = "false"},

      {.path = "kafka.properties",
       .target = [](Config& c) -> Target { return &c.kafka.properties; },
       .description = "librdkafka properties by their own names; `bootstrap.servers` is required. "
                      "Passwords, secrets and private keys among them are masked.",
       .development = "{bootstrap.servers: \"127.0.0.1:9092\"}",
       .production = "{}"},
      {.path = "kafka.compression",
       .target = [](Config& c) -> Target { return &c.kafka.compression; },
       .description = "Compression of what Sluice produces.",
       .development = "gzip",
       .choices = kCompressions},
      {.path = "kafka.call_deadline_ms",
       .target = [](Config& c) { return number(c.kafka.call_deadline); },
       .description = "Longest time for one call to Kafka.",
       .development = "10000",
       .min = 100,
       .max = kHour},
      {.path = "kafka.statistics_interval_ms",
       .target = [](Config& c) { return number(c.kafka.statistics_interval); },
       .description = "How often librdkafka's statistics become metrics; 0 = never.",
       .development = "5000",
       .max = kHour},

      {.path = "clusters.*.environments",
       .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].environments; },
       .names = [](const Config& c) { return names_of(c.clusters); },
       .description = "Environments whose topics live on this cluster; every other one is on that of `kafka.properties`.",
       .development = "[]",
       .form = StringForm::kEnvironment},
      {.path = "clusters.*.properties",
       .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].properties; },
       .names = [](const Config& c) { return names_of(c.clusters); },
       .description = "Its librdkafka properties, like `kafka.properties`.",
       .development = "{}"},
      {.path = "clusters.*.expected_cluster_id",
       .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].expected_cluster_id; },
       .names = [](const Config& c) { return names_of(c.clusters); },
       .description = "Its cluster id, as `kafka-cluster cluster-id` says: nothing is done on another one.",
       .development = "\"\""},
      {.path = "clusters.*.akhq_url",
       .named_target = [](Config& c, const std::string& n) -> Target { return &c.clusters[n].akhq_url; },
       .names = [](const Config& c) { return names_of(c.clusters); },
       .description = "AKHQ's address up to this cluster's name, for deep links in answers; empty = no links.",
       .development = "\"\"",
       .form = StringForm::kWebUrl},

      {.path = "auth.issuer",
       .target = [](Config& c) -> Target { return &c.auth.issuer; },
       .description = "`iss` that JWTs must carry; required with `auth.jwks_file`.",
       .development = "\"\""},
      {.path = "auth.audience",
       .target = [](Config& c) -> Target { return &c.auth.audience; },
       .description = "`aud` that JWTs must carry.",
       .development = "sluice"},
      {.path = "auth.jwks_file",
       .target = [](Config& c) -> Target { return &c.auth.jwks_file; },
       .description = "JWKS file with the keys that sign JWTs (EdDSA, RS256, ES256, HS256); empty = no JWTs.",
       .development = "\"\"",
       .form = StringForm::kInputFile},
      {.path = "auth.clock_skew_ms",
       .target = [](Config& c) { return number(c.auth.clock_skew); },
       .description = "How far the clocks of issuers may be off.",
       .development = "30000",
       .max = 300'000},
      {.path = "auth.cache_ms",
       .target = [](Config& c) { return number(c.auth.cache); },
       .description = "How long a verified service token is remembered: a revocation counts within it.",
       .development = "5000",
       .max = 5'000},
      {.path = "auth.service_tokens",
       .target = [](Config& c) -> Target { return &c.auth.service_tokens; },
       .description = "Accept the tokens that `sluice token issue` makes.",
       .development = "true"},

      {.path = "rate_limit.window_ms",
       .target = [](Config& c) { return number(c.rate_limit.window); },
       .description = "Window of the limit on each principal's requests.",
       .development = "60000",
       .min = 100,
       .max = kDay},
      {.path = "rate_limit.max",
       .target = [](Config& c) { return number(c.rate_limit.max); },
       .description = "Requests of one principal in a window; beyond it the answer is 429.",
       .development = "6000",
       .production = "600",
       .min = 1,
       .max = 1'000'000'000},

      {.path = "governance.policies_file",
       .target = [](Config& c) -> Target { return &c.governance.policies_file; },
       .description = "The policy set that judges every change.",
       .development = "config/policies/default.yaml",
       .form = StringForm::kInputFile},
      {.path = "governance.topics_file",
       .target = [](Config& c) -> Target { return &c.governance.topics_file; },
       .description = "The batch that declares Sluice's own topics; `sluice doctor` reads it; empty = none.",
       .development = "\"\"",
       .form = StringForm::kInputFile},
      {.path = "governance.akhq_url",
       .target = [](Config& c) -> Target { return &c.governance.akhq_url; },
       .description = "AKHQ's address up to the cluster's name, for deep links in answers; empty = no links.",
       .development = "\"\"",
       .form = StringForm::kWebUrl},
      {.path = "governance.environments",
       .target = [](Config& c) -> Target { return &c.governance.environments; },
       .description = "Environments that this server governs, of those the policies know; batches for others are refused.",
       .development = "[dev, stg, prod]",
       .min = 1,
       .form = StringForm::kEnvironment},
      {.path = "governance.protected_environments",
       .target = [](Config& c) -> Target { return &c.governance.protected_environments; },
       .description = "Environments in which a change of policies, modes or exemptions needs an approval, too.",
       .development = "[prod]",
       .form = StringForm::kEnvironment},
      {.path = "governance.expected_cluster_id",
       .target = [](Config& c) -> Target { return &c.governance.expected_cluster_id; },
       .description = "Cluster id of `kafka.properties`: nothing is done on another one; empty = any.",
       .development = "\"\""},
      {.path = "governance.plan_retention_days",
       .target = [](Config& c) { return number(c.governance.plan_retention_days); },
       .description = "How long plans are kept.",
       .development = "90",
       .min = 1,
       .max = 36'500},
      {.path = "governance.max_groups",
       .target = [](Config& c) { return number(c.governance.max_groups); },
       .description = "Consumer groups that one plan asks Kafka about at most.",
       .development = "1000",
       .min = 1,
       .max = 100'000},

      {.path = "registry.url",
       .target = [](Config& c) -> Target { return &c.registry.url; },
       .description = "Address of a schema registry with Confluent's API; empty = none. `sluice doctor` asks it.",
       .development = "\"\"",
       .form = StringForm::kWebUrl},

      {.path = "objects.folder",
       .target = [](Config& c) -> Target { return &c.objects.folder; },
       .description = "Folder for objects, used when `objects.s3` is not set.",
       .development = "objects",
       .production = "/var/lib/sluice/objects"},
      {.path = "objects.s3.endpoint",
       .target = [](Config& c) -> Target { return &c.objects.s3.endpoint; },
       .description = "Address of S3 or MinIO; empty = the folder.",
       .development = "\"\"",
       .form = StringForm::kWebUrl},
      {.path = "objects.s3.bucket",
       .target = [](Config& c) -> Target { return &c.objects.s3.bucket; },
       .description = "The bucket, which must exist.",
       .development = "\"\""},
      {.path = "objects.s3.region",
       .target = [](Config& c) -> Target { return &c.objects.s3.region; },
       .description = "Region that requests are signed for.",
       .development = "us-east-1"},
      {.path = "objects.s3.access_key",
       .target = [](Config& c) -> Target { return &c.objects.s3.access_key; },
       .description = "Access key id.",
       .development = "\"\""},
      {.path = "objects.s3.secret_key",
       .target = [](Config& c) -> Target { return &c.objects.s3.secret_key; },
       .description = "Secret access key.",
       .development = "\"\"",
       .secret = true},
      {.path = "objects.s3.path_style",
       .target = [](Config& c) -> Target { return &c.objects.s3.path_style; },
       .description = "Bucket in the path (MinIO) instead of in the host name.",
       .development = "true"},

      {.path = "log.level",
       .target = [](Config& c) { return choice(c.log.level); },
       .description = "Least severe line that is written.",
       .development = "debug",
       .production = "info",
       .choices = kLevels},
      {.path = "log.format",
       .target = [](Config& c) { return choice(c.log.format); },
       .description = "`auto` is human on a terminal and JSON lines elsewhere.",
       .development = "auto",
       .choices = kFormats},
  };
  return kTable;
}

}  // namespace

std::span<const Key> keys() { return table(); }

namespace {

constexpr std::string_view kAnyName = "*";

bool matches(std::string_view pattern, std::string_view name) { return pattern == kAnyName || pattern == name; }

// The pattern's segments below the path; nothing when the path does not lead there.
std::optional<std::vector<std::string>> rest_below(const Key& key, std::string_view path) {
  std::vector<std::string> pattern = split(key.path, '.');
  if (path.empty()) return pattern;
  const std::vector<std::string> segments = split(path, '.');
  if (segments.size() > pattern.size()) return std::nullopt;
  if (!std::equal(segments.begin(), segments.end(), pattern.begin(),
                  [](const std::string& name, const std::string& one) { return matches(one, name); })) {
    return std::nullopt;
  }
  pattern.erase(pattern.begin(), pattern.begin() + static_cast<std::ptrdiff_t>(segments.size()));
  return pattern;
}

std::string section_with_names(const Key& key) { return key.path.substr(0, key.path.find('*') + 1); }

}  // namespace

Key key_for_name(const Key& key, const std::string& name) {
  Key bound = key;
  bound.path.replace(bound.path.find('*'), 1, name);
  bound.target = [place = key.named_target, name](Config& config) { return place(config, name); };
  bound.named_target = {};
  bound.names = {};
  return bound;
}

std::vector<Key> keys_of(const Config& config) {
  std::vector<Key> all;
  for (auto key = table().begin(); key != table().end();) {
    if (!key->named_target) {
      all.push_back(*key++);
      continue;
    }
    const auto end = std::find_if(key, table().end(), [&](const Key& other) {
      return !other.named_target || section_with_names(other) != section_with_names(*key);
    });
    for (const std::string& name : key->names(config)) {
      std::transform(key, end, std::back_inserter(all), [&](const Key& one) { return key_for_name(one, name); });
    }
    key = end;
  }
  return all;
}

std::optional<std::string> name_in(const Key& key, std::string_view path) {
  const auto rest = rest_below(key, path);
  if (!rest || !rest->empty()) return std::nullopt;
  const std::vector<std::string> pattern = split(key.path, '.');
  const auto place = std::find(pattern.begin(), pattern.end(), kAnyName);
  if (place == pattern.end()) return std::nullopt;
  return split(path, '.')[static_cast<std::size_t>(place - pattern.begin())];
}

const Key* find_key(std::string_view path) {
  const auto key = std::find_if(table().begin(), table().end(), [&](const Key& candidate) {
    const auto rest = rest_below(candidate, path);
    return rest && rest->empty();
  });
  return key == table().end() ? nullptr : &*key;
}

bool is_section(std::string_view path) { return !names_below(path).empty(); }

bool is_named_section(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || !is_section(path)) return false;
  const auto siblings = names_below(path.substr(0, dot));
  return siblings.size() == 1 && siblings.front() == kAnyName;
}

std::vector<std::string> names_below(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : table()) {
    const auto rest = rest_below(key, section);
    if (!rest || rest->empty()) continue;
    if (std::find(names.begin(), names.end(), rest->front()) == names.end()) names.push_back(rest->front());
  }
  return names;
}

std::string variable_of(std::string_view path) {
  std::string name = "SLUICE_";
  for (const char c : path) {
    if (c == '.') {
      name += "__";
    } else {
      name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    }
  }
  return name;
}

}  // namespace sluice::config
