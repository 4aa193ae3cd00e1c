#include "platform/config/config.h"

#include <gtest/gtest.h>

#include <string>

#include "platform/config/keys.h"
#include "platform/config/test_files.h"
#include "support/golden.h"

namespace sluice::config {
namespace {

const TestFiles& files() {
  static const TestFiles kFiles(TestFiles::Contents{{"/etc/sluice/secret", "hun\"ter2\n"},
                                 {"/etc/sluice/two-lines", "a\n\n"},
                                 {"/etc/sluice/binary", std::string("a\0b", 3)},
                                 {"/etc/sluice/huge", std::string(64 * 1024 + 1, 'x')},
                                 {"/etc/sluice/jwks.json", "{}"},
                                 {"here.json", "{}"}});
  return kFiles;
}

Source source_of(std::string text, Environment environment = {}) {
  return Source{"/etc/sluice/sluice.yaml", std::move(text), std::move(environment), &files()};
}

std::string problems_of(const Source& source) {
  const auto config = load(source);
  if (config) return "";
  return describe_problems("sluice.yaml", config.error().problems);
}

Config loaded(const Source& source) {
  auto config = load(source);
  EXPECT_TRUE(config) << problems_of(source);
  return config ? *std::move(config) : Config{};
}

TEST(Config, IsCompleteWithoutAFile) {
  const Config config = loaded(source_of(""));
  EXPECT_EQ(config.profile, Profile::kDevelopment);
  EXPECT_TRUE(config.has_role("governance"));
  EXPECT_EQ(config.server.port, 8080);
  EXPECT_EQ(config.server.request_deadline, Milliseconds(30'000));
  EXPECT_FALSE(config.server.tls.enabled());
  EXPECT_FALSE(config.database.is_postgres());
  EXPECT_TRUE(config.database.migrate_on_start);
  EXPECT_EQ(config.kafka.properties.at("bootstrap.servers"), "127.0.0.1:9092");
  EXPECT_EQ(config.rate_limit.max, 6000u);
  EXPECT_EQ(config.log.level, LogLevel::kDebug);
  EXPECT_EQ(config.governance.environments, (std::vector<std::string>{"dev", "stg", "prod"}));
  EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, TakesAFileOfCommentsForNone) { EXPECT_EQ(problems_of(source_of("# all default\n")), ""); }

TEST(Config, ProfileDecidesDefaults_P8) {
  const Config config = loaded(source_of("profile: production\nkafka: {properties: {bootstrap.servers: k:1}}\n"));
  EXPECT_TRUE(config.production());
  EXPECT_EQ(config.rate_limit.max, 600u);
  EXPECT_EQ(config.log.level, LogLevel::kInfo);
  EXPECT_FALSE(config.database.migrate_on_start);
}

// X3: file, line, column, key path, expected, nearest valid key; all of them at once.
TEST(Config, ReportsEveryProblemAtItsPlace_X3) {
  const std::string text =
      "profle: production\n"
      "port: 80\n"
      "server:\n"
      "  prot: 8080\n"
      "  listen: localhost\n"
      "  workers: many\n"
      "  io_threads: \"2\"\n"
      "  behind_proxy: yes\n"
      "  tls: /etc/tls\n"
      "  max_connections: 0\n"
      "metrics: {port: 65536}\n"
      "database:\n"
      "  url: mysql://u:hunter2@h/d\n"
      "  sqlite_path: 7\n"
      "kafka:\n"
      "  properties:\n"
      "    bootstrap.servers: [a, b]\n"
      "    sasl.password: \"${env:NO_SUCH}\"\n"
      "  compression: brotli\n"
      "auth:\n"
      "  issuer: ${vault:x}\n"
      "  audience: ${env:OPEN\n"
      "  jwks_file: missing.json\n"
      "governance:\n"
      "  environments: [dev, dev, \"Prod!\", 3]\n"
      "  akhq_url: akhq.example.com\n"
      "log: {level: verbose, format: jsn}\n"
      "roles: [governance, goverance]\n"
      "zzz:\n";
  test::expect_golden("app/platform/config/testdata/problems.txt",
                      problems_of(source_of(text, {{"SLUICE_SERVER__PORT", "abc"},
                                                   {"SLUICE_SERVER__POTR", "1"},
                                                   {"SLUICE_RATE_LIMIT__MAX", ""},
                                                   {"SLUICE_NOTHING__LIKE_THIS_AT_ALL", "1"},
                                                   {"SLUICE_GOVERNANCE__ENVIRONMENTS", "[dev, &a x]"}})));
}

struct Refused {
  const char* name;
  const char* text;
  const char* expected;  // part of the problems
};
void PrintTo(const Refused& row, std::ostream* out) { *out << row.name; }

class ConfigRefuses : public ::testing::TestWithParam<Refused> {};

TEST_P(ConfigRefuses, AndSaysWhy) {
  const std::string problems = problems_of(source_of(GetParam().text));
  EXPECT_NE(problems.find(GetParam().expected), std::string::npos) << problems;
}

constexpr const char* kProduction =
    "profile: production\nkafka: {properties: {bootstrap.servers: k:1}}\nserver: {listen: 0.0.0.0}\n";

INSTANTIATE_TEST_SUITE_P(
    Table, ConfigRefuses,
    ::testing::Values(
        Refused{"List", "[a]", "sluice.yaml:1:1: the configuration must be a map, not a list"},
        Refused{"DuplicateKey", "log: {}\nlog: {}\n", "sluice.yaml:2:1: log: the key \"log\" stands twice"},
        Refused{"SyntaxError", "log: [\n", "sluice.yaml:2:1: log[0]: "},
        Refused{"PlainHttpInProduction", kProduction,
                "sluice.yaml:3:18: server.listen: plain HTTP beyond loopback is refused in production (set "
                "server.tls, or server.behind_proxy: true"},
        Refused{"NoBrokerInProduction", "profile: production\n",
                "kafka.properties: bootstrap.servers is required"},
        Refused{"EmptyBroker", "kafka: {properties: {bootstrap.servers: ''}}", "bootstrap.servers is required"},
        Refused{"OpenMetrics", "metrics: {listen: '::'}", "metrics.listen: this listener asks for no token"},
        Refused{"SamePort", "metrics: {port: 8080}", "metrics.port: is server.port, too"},
        Refused{"CertificateAlone", "server: {tls: {certificate: jwks.json}}", "server.tls.key: is required"},
        Refused{"KeyAlone", "server: {tls: {key: jwks.json}}", "server.tls.certificate: is required"},
        Refused{"JwksWithoutIssuer", "auth: {jwks_file: jwks.json}", "auth.issuer: is required"},
        Refused{"NobodyMayCall", "auth: {service_tokens: false}", "nobody can call"},
        Refused{"HalfS3", "objects: {s3: {bucket: b}}", "objects.s3.endpoint: is required"},
        Refused{"NoRole", "roles: []", "roles: must not be empty"},
        Refused{"RangeBelow", "server: {port: -1}", "server.port: must be between 0 and 65535, not -1"},
        Refused{"CacheBeyondTheRevocationLimit", "auth: {cache_ms: 5001}", "between 0 and 5000"},
        Refused{"MissingFileReference", "auth: {issuer: '${file:gone}'}",
                "auth.issuer: the file /etc/sluice/gone does not exist"},
        Refused{"BinaryFileReference", "auth: {issuer: '${file:binary}'}", "binary is not UTF-8 text"},
        Refused{"HugeFileReference", "auth: {issuer: '${file:huge}'}", "is too large"},
        Refused{"EmptyReference", "auth: {issuer: '${}'}", "${} is no reference"},
        Refused{"EmptyName", "auth: {issuer: '${env:}'}", "${env:} is no reference"},
        Refused{"TwoMissing", "auth: {issuer: '${env:A}${env:B}'}", "variable B is not set"}),
    [](const auto& param) { return param.param.name; });

TEST(Config, LoopbackTlsAndProxyAreFineInProduction) {
  const std::string base = "profile: production\nkafka: {properties: {bootstrap.servers: k:1}}\n";
  EXPECT_EQ(problems_of(source_of(base)), "");
  EXPECT_EQ(problems_of(source_of(base + "server: {listen: 0.0.0.0, behind_proxy: true}\n")), "");
  EXPECT_EQ(problems_of(source_of(
                base + "server: {listen: '::', tls: {certificate: jwks.json, key: jwks.json}}\n")),
            "");
}

TEST(Config, ExpandsReferences) {
  const Config config = loaded(source_of(
      "auth: {issuer: '${env:HOST}/$${x}/${env:HOST}', audience: '${file:two-lines}'}\n"
      "database: {url: 'postgresql://u:${file:/etc/sluice/secret}@h/d'}\n"
      "kafka: {properties: {bootstrap.servers: '${env:HOST}:1', sasl.password: '${file:secret}', retries: 3, "
      "enable.idempotence: true}}\n"
      "log: {level: '${env:LEVEL}'}\n",
      {{"HOST", "h${env:HOST}"}, {"LEVEL", "warn"}}));
  EXPECT_EQ(config.auth.issuer, "h${env:HOST}/${x}/h${env:HOST}");  // once, not again
  EXPECT_EQ(config.auth.audience, "a\n");
  EXPECT_EQ(config.database.url, "postgresql://u:hun\"ter2@h/d");
  EXPECT_EQ(config.kafka.properties.at("sasl.password"), "hun\"ter2");
  EXPECT_EQ(config.kafka.properties.at("retries"), "3");
  EXPECT_EQ(config.kafka.properties.at("enable.idempotence"), "true");
  EXPECT_EQ(config.log.level, LogLevel::kWarn);
  EXPECT_TRUE(config.warnings.empty());
}

TEST(Config, TheEnvironmentWinsAndHasTypes) {
  const Config config = loaded(source_of("server: {port: 1, listen: 127.0.0.2}\nlog: {level: error}\n",
                                         {{"SLUICE_SERVER__PORT", "9000"},
                                          {"SLUICE_LOG__LEVEL", "info"},
                                          {"SLUICE_PROFILE", "development"},
                                          {"SLUICE_SERVER__BEHIND_PROXY", "true"},
                                          {"SLUICE_AUTH__ISSUER", "12"},
                                          {"SLUICE_AUTH__AUDIENCE", "${env:ME}"},
                                          {"ME", "me"},
                                          {"SLUICE_GOVERNANCE__ENVIRONMENTS", "[a, b]"},
                                          {"SLUICE_KAFKA__PROPERTIES", R"({"bootstrap.servers": "e:1"})"},
                                          {"SLUICE_URL", "not configuration"},
                                          {"SLUICE_TOKEN", "not configuration"},
                                          {"OTHER__THING", "not ours"}}));
  EXPECT_EQ(config.server.port, 9000);
  EXPECT_EQ(config.server.listen, "127.0.0.2");
  EXPECT_EQ(config.log.level, LogLevel::kInfo);
  EXPECT_TRUE(config.server.behind_proxy);
  EXPECT_EQ(config.auth.issuer, "12");
  EXPECT_EQ(config.auth.audience, "me");
  EXPECT_EQ(config.governance.environments, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.kafka.properties, (Properties{{"bootstrap.servers", "e:1"}}));
}

// Several clusters by name; what the file leaves out is there with its default.
TEST(Config, ReadsEntriesWhoseNamesTheUserChose) {
  const Config config = loaded(source_of("clusters:\n"
                                         "  east: {environments: [prod], properties: {bootstrap.servers: 'e:1'}}\n"
                                         "  west_2: {environments: [stg], properties: {bootstrap.servers: 'w:1'}, "
                                         "expected_cluster_id: abc}\n",
                                         {{"SLUICE_CLUSTERS__EAST__EXPECTED_CLUSTER_ID", "xyz"}}));
  ASSERT_EQ(config.clusters.size(), 2U);
  EXPECT_EQ(config.clusters.at("east").expected_cluster_id, "xyz");
  EXPECT_EQ(config.clusters.at("west_2").environments, (std::vector<std::string>{"stg"}));
  EXPECT_EQ(config.clusters.at("west_2").akhq_url, "");
}

TEST(Config, RefusesClustersThatAreUnclear) {
  const auto refuses = [](const char* text, const char* why) {
    const std::string problems = problems_of(source_of(text));
    EXPECT_NE(problems.find(why), std::string::npos) << text << "\n" << problems;
  };
  refuses("clusters: {East: {environments: [prod]}}", "1:18: clusters.East: a name has");
  refuses("clusters: {east: {}}", "1:18: clusters.east: must not be empty");
  refuses("clusters: {east: }", "clusters.east: must not be empty");
  refuses("clusters: {east: {environment: [prod]}}", "did you mean \"clusters.east.environments\"?");
  refuses("clusters: {east: {environments: [prod]}}", "clusters.east.properties: bootstrap.servers is required");
  refuses("clusters: {a: {environments: [prod], properties: {bootstrap.servers: x}}, "
          "b: {environments: [prod], properties: {bootstrap.servers: y}}}",
          "clusters.b.environments: prod is on the cluster a, too");
  refuses("clusters: {a: {environments: [qa], properties: {bootstrap.servers: x}}}", "qa is not in governance.environments");
  refuses("profile: production\nclusters: {a: {environments: [prod], properties: {bootstrap.servers: x}}}",
          "clusters.a.expected_cluster_id: is required in production");
}

TEST(Config, FindsFilesBesideItselfFirst) {
  const Config config = loaded(source_of("auth: {jwks_file: jwks.json, issuer: i}\n"
                                         "governance: {topics_file: here.json}\n"));
  EXPECT_EQ(config.auth.jwks_file, "/etc/sluice/jwks.json");
  EXPECT_EQ(config.governance.topics_file, "here.json");
}

TEST(Config, WarnsOfSecretsInClear) {
  const Config config = loaded(source_of("database: {url: 'postgresql://u:hunter2@h/d'}\n"
                                         "kafka: {properties: {bootstrap.servers: a:1, sasl.password: hunter2}}\n"
                                         "objects: {s3: {endpoint: 'http://h', bucket: b, access_key: a, "
                                         "secret_key: hunter2}}\n"));
  ASSERT_EQ(config.warnings.size(), 3u);
  const std::string text = describe_problems("sluice.yaml", config.warnings);
  EXPECT_NE(text.find("sluice.yaml:1:17: database.url: a secret stands in the file"), std::string::npos) << text;
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_TRUE(loaded(source_of("database: {url: 'postgresql://u@h/d'}\n")).warnings.empty());
}

// Whatever is wrong with a secret, its value is not in what we say about it.
TEST(Config, NeverSaysASecret) {
  for (const char* text : {"database: {url: hunter2}", "database: {url: 424242}", "database: {url: [hunter2]}",
                           "kafka: {properties: {sasl.password: [hunter2]}}", "kafka: {properties: hunter2}",
                           "objects: {s3: {secret_key: 424242}}"}) {
    const std::string problems = problems_of(source_of(text));
    EXPECT_NE(problems, "") << text;
    EXPECT_EQ(problems.find("hunter2"), std::string::npos) << problems;
    EXPECT_EQ(problems.find("424242"), std::string::npos) << problems;
  }
}

TEST(Config, AVariableWhoseNameIsNoTextStillGetsAnAnswer) {
  const std::string problems = problems_of(source_of("", {{"SLUICE_\xff__X", "1"}}));
  EXPECT_EQ(problems, "the environment variable SLUICE_… (not UTF-8) names no key (`sluice config schema` lists all keys)\n");
}

TEST(Config, TheExampleLoadsCleanly) {
  const auto source = read_source("config/sluice.example.yaml", {});
  ASSERT_TRUE(source);
  const TestFiles with_policies(TestFiles::Contents{{"config/policies/default.yaml", ""}});
  Source with_files = *source;
  with_files.files = &with_policies;
  const Config config = loaded(with_files);
  EXPECT_TRUE(config.warnings.empty());
  EXPECT_EQ(config.governance.policies_file, "config/policies/default.yaml");
}

TEST(Keys, DefaultsOfBothProfilesAreOfTheirType) {
  for (const char* profile : {"development", "production"}) {
    EXPECT_EQ(problems_of(source_of(std::string("profile: ") + profile +
                                    "\nkafka: {properties: {bootstrap.servers: k:1}}\n")),
              "");
  }
}

TEST(Keys, AreUniqueAndDescribed) {
  std::set<std::string_view> seen;
  for (const Key& key : keys()) {
    EXPECT_TRUE(seen.insert(key.path).second) << key.path;
    EXPECT_TRUE(key.description.ends_with('.')) << key.path;
    EXPECT_FALSE(key.development.empty()) << key.path;
    EXPECT_FALSE(is_section(key.path)) << key.path;
  }
}

TEST(Source, ReadsTheEnvironmentOfMain) {
  const char* const list[] = {"A=1", "B=x=y", "EMPTY=", "broken", nullptr};
  EXPECT_EQ(environment_of(list), (Environment{{"A", "1"}, {"B", "x=y"}, {"EMPTY", ""}}));
}

TEST(Source, AMissingFileIsAnError) {
  const auto source = read_source("no/such/file.yaml", {});
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, "config.file-missing");
  EXPECT_FALSE(read_source("config", {}));  // a folder
}

}  // namespace
}  // namespace sluice::config
