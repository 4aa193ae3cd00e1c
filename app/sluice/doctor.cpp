#include "sluice/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "governance/infrastructure/policy_reader.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/auth/signing_keys.h"
#include "platform/config/source.h"
#include "platform/core/id_source.h"
#include "platform/http/client.h"
#include "platform/kafka/admin.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"
#include "sluice/kafka_properties.h"
#include "sluice/metadata_store.h"

namespace sluice::cli {
namespace {

using State = Finding::State;

constexpr std::chrono::seconds kWait{5};
constexpr std::size_t kFileLimit = 1024 * 1024;
constexpr std::chrono::milliseconds kTolerableSkew{1'000};

Finding failed(std::string check, const Error& error, std::string otherwise = "") {
  return {std::move(check), State::kFailed, error.message, error.fix.empty() ? std::move(otherwise) : error.fix};
}

// A file whose content is wrong: each place as a compiler would name it.
Finding wrong_file(std::string check, const std::string& path, const Error& error) {
  std::string saw = path + ": " + error.message;
  if (!error.problems.empty()) saw += "\n" + config::describe_problems(path, error.problems);
  while (saw.ends_with('\n')) saw.pop_back();
  return {std::move(check), State::kFailed, std::move(saw), "Mend " + path + "."};
}

Finding check_policies(const config::Config& config) {
  const std::string& path = config.governance.policies_file;
  auto text = config::system_files().read(path, kFileLimit);
  if (!text) return failed("policies", text.error(), "Set governance.policies_file.");
  auto document = text::parse_yaml(*text);
  if (!document) return wrong_file("policies", path, document.error());
  const auto policies = governance::infrastructure::read_policy_set(*document);
  if (!policies) return wrong_file("policies", path, policies.error());
  return {"policies", State::kOk,
          fmt::format("{}: version {}, {} rules", path, policies->version, policies->rules.size()), ""};
}

std::vector<Finding> check_kafka(const config::Config& config) {
  metrics::Registry metrics;
  const auto admin = kafka::Admin::open({kafka_properties(config.kafka), "doctor", metrics});
  if (!admin) return {failed("kafka", admin.error())};
  const auto deadline = Deadline::after(kWait);
  const auto cluster = (*admin)->cluster(deadline);
  if (!cluster) return {failed("kafka", cluster.error(), "Check kafka.properties and that the brokers run.")};
  std::vector<Finding> findings{
      {"kafka", State::kOk, fmt::format("cluster {}, {} brokers", cluster->cluster_id, cluster->brokers.size()), ""}};
  const std::string& expected = config.governance.expected_cluster_id;
  if (!expected.empty() && expected != cluster->cluster_id) {
    findings.push_back({"kafka cluster", State::kFailed,
                        fmt::format("expected {}, found {}", expected, cluster->cluster_id),
                        "Set bootstrap.servers or governance.expected_cluster_id right."});
  }
  // Creating is asked with validate_only: it changes nothing and shows what the account may do.
  const kafka::NewTopic probe{"sluice-doctor-" + random_hex(8), 1, kafka::kBrokerDefaultReplication, {}};
  const auto allowed = (*admin)->create_topics(std::span(&probe, 1), kafka::ValidateOnly::kYes, Deadline::after(kWait));
  findings.push_back(allowed[0] ? Finding{"kafka permissions", State::kOk, "may validate topic creation", ""}
                                : failed("kafka permissions", allowed[0].error(),
                                         "Grant Create and Alter on the cluster and its topics."));
  return findings;
}

Finding check_clock(sql::Database& database, const Clock& clock) {
  constexpr std::string_view kNow = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint) AS now_ms";
  const TimePoint before = clock.now();
  const auto rows = database.query(kNow, {}, {.deadline = Deadline::after(kWait)});
  if (!rows) return failed("clock", rows.error());
  sql::Row row = rows->row(0);
  const TimePoint there = row.time("now_ms");
  if (!row.status()) return failed("clock", row.status().error());
  const auto skew = there < before ? before - there : there - clock.now();
  const auto off = std::max(skew, std::chrono::milliseconds{0});
  return {"clock", off > kTolerableSkew ? State::kWarning : State::kOk,
          fmt::format("{} ms off the database's", off.count()),
          off > kTolerableSkew ? "Run NTP on both machines." : ""};
}

Finding check_schema(MetadataStore& store) {
  const auto migrations = store.migrator().status(Deadline::after(kWait));
  if (!migrations) return failed("schema", migrations.error());
  const auto pending = std::count_if(migrations->begin(), migrations->end(), [](const auto& migration) {
    return migration.state == sql::MigrationState::kPending;
  });
  if (pending > 0) {
    return {"schema", State::kWarning, fmt::format("{} migrations pending", pending), "Run `sluice migrate up`."};
  }
  if (const auto usable = store.migrator().check(Deadline::after(kWait)); !usable) return failed("schema", usable.error());
  return {"schema", State::kOk, "up to date", ""};
}

std::vector<Finding> check_database(const config::Config& config) {
  const SystemClock clock;
  if (!config.database.is_postgres() && !std::filesystem::exists(config.database.sqlite_path)) {
    return {{"database", State::kWarning, config.database.sqlite_path + " is not there yet",
             "Run `sluice migrate up`, or start the server, which makes it."}};
  }
  const auto store = MetadataStore::open(config.database, clock);
  // A running server owns its SQLite file: that is as it should be.
  if (!store && store.error().code == "sqlite.locked") {
    return {{"database", State::kOk, "in use by another process: " + store.error().message, ""}};
  }
  if (!store) return {failed("database", store.error())};
  if (const auto answer = (*store)->database().ping(Deadline::after(kWait)); !answer) {
    return {failed("database", answer.error(), "Check database.url and that the server runs.")};
  }
  std::vector<Finding> findings{{"database", State::kOk, fmt::format("{} answers", (*store)->name()), ""}};
  findings.push_back(check_schema(**store));
  if (config.database.is_postgres()) findings.push_back(check_clock((*store)->database(), clock));
  return findings;
}

// Asked with a real folder, which is taken away again: what mount options and quotas say shows only then.
Finding check_folder(const config::Config& config) {
  if (config.objects.s3.enabled()) return {"objects", State::kOk, "S3 at " + config.objects.s3.endpoint, ""};
  const std::filesystem::path folder = config.objects.folder;
  std::error_code failure;
  std::filesystem::path nearest = std::filesystem::absolute(folder, failure);
  while (!nearest.empty() && !std::filesystem::exists(nearest, failure)) nearest = nearest.parent_path();
  const auto probe = nearest / (".sluice-doctor-" + random_hex(8));
  const bool writable = std::filesystem::create_directory(probe, failure);
  if (writable) std::filesystem::remove(probe, failure);
  return {"objects", writable ? State::kOk : State::kFailed,
          fmt::format("folder {}{}", folder.string(), writable ? "" : " can't be written"),
          writable ? "" : "Give the account write access, or set objects.folder."};
}

Finding check_keys(const config::Config& config, const Clock& clock) {
  const auth::SigningKeys keys(config.auth.signing_keys, clock);
  const auto signer = keys.signer();
  if (!signer && !config.production()) {
    return {"signing keys", State::kWarning, signer.error().message, "In development the server makes one at its start."};
  }
  if (!signer) return failed("signing keys", signer.error());
  return {"signing keys", State::kOk, "key " + *signer + " signs", ""};
}

Finding check_own_topics(const config::Config& config) {
  const std::string& path = config.governance.topics_file;
  const auto text = config::system_files().read(path, kFileLimit);
  if (!text) return failed("own topics", text.error(), "Set governance.topics_file.");
  const auto document = text::parse_yaml(*text);
  if (!document) return wrong_file("own topics", path, document.error());
  std::vector<governance::domain::EnvironmentName> environments;
  for (const std::string& name : config.governance.environments) environments.emplace_back(name);
  const auto batch = governance::interface::read_topic_batch(*document, environments);
  if (!batch) return wrong_file("own topics", path, batch.error());
  return {"own topics", State::kOk, fmt::format("{}: {} declared", path, batch->items.size()), ""};
}

// Any answer but the list of subjects is not a registry.
Finding check_registry(const config::Config& config) {
  const std::string& url = config.registry.url;
  if (url.empty()) return {"registry", State::kOk, "none configured", ""};
  http::Client client;
  http::ClientRequest request;
  request.url = url + (url.ends_with('/') ? "subjects" : "/subjects");
  const auto answer = client.send(request, Deadline::after(kWait));
  constexpr auto kFix = "Check registry.url and that the registry runs.";
  if (!answer) return failed("registry", answer.error(), kFix);
  const auto subjects = text::parse_json(answer->body, {.bytes = 16 * 1024 * 1024});
  if (answer->status != 200 || !subjects || subjects->kind != text::Node::Kind::kList) {
    return {"registry", State::kFailed, fmt::format("{} answered {}, not a list of subjects", url, answer->status), kFix};
  }
  return {"registry", State::kOk, fmt::format("{}: {} subjects", url, subjects->items.size()), ""};
}

void append(std::vector<Finding>& to, std::vector<Finding> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<Finding> examine(const config::Config& config) {
  std::vector<Finding> findings;
  for (const Problem& warning : config.warnings) {
    findings.push_back({"config", State::kWarning, warning.field + ": " + warning.message, warning.fix});
  }
  findings.push_back(check_policies(config));
  if (!config.governance.topics_file.empty()) findings.push_back(check_own_topics(config));
  append(findings, check_database(config));
  append(findings, check_kafka(config));
  findings.push_back(check_registry(config));
  findings.push_back(check_folder(config));
  findings.push_back(check_keys(config, SystemClock{}));
  return findings;
}

}  // namespace sluice::cli
