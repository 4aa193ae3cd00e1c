// sluice audit verify: the chains of a database or of an export, against the checkpoints outside.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>

#include "audit/application/verify_chains.h"
#include "audit/infrastructure/object_checkpoint_store.h"
#include "audit/infrastructure/sql_records.h"
#include "audit/interface/json_lines_source.h"
#include "platform/auth/signing_keys.h"
#include "platform/config/source.h"
#include "platform/objects/folder_store.h"
#include "platform/text/json.h"
#include "sluice/audit_command.h"
#include "sluice/configuration.h"
#include "sluice/metadata_store.h"
#include "sluice/object_store.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

using audit::application::ChainVerdict;
using audit::application::Evidence;
using audit::application::Verdict;

constexpr std::chrono::hours kDeadline{1};
constexpr std::size_t kKeysFileLimit = 1024 * 1024;

struct Options {
  std::string config;
  std::string file;
  std::vector<std::string> environments;
  std::string checkpoints;
  std::string keys;
  bool no_checkpoints = false;
  std::string format = "text";
};

Result<audit::domain::VerifySignature> keys_in(const std::string& path, const Clock& clock) {
  if (std::filesystem::is_directory(path)) {
    return audit::domain::VerifySignature(
        [keys = std::make_shared<auth::SigningKeys>(path, clock)](std::string_view statement,
                                                                  const audit::domain::Signature& signature) {
          return keys->verify(statement, {signature.key_id, signature.bytes});
        });
  }
  SLUICE_TRY(const std::string text, config::system_files().read(path, kKeysFileLimit));
  SLUICE_TRY(const text::Node document, text::parse_json(text));
  return audit::domain::VerifySignature(
      [jwks = text::to_json(document)](std::string_view statement, const audit::domain::Signature& signature) {
        return auth::verify_with_jwks(jwks, statement, {signature.key_id, signature.bytes});
      });
}

// Where checkpoints are, and whose keys count: what the options say, else what the configuration does.
class Checkpoints {
 public:
  Status open(const Options& options, const config::Config* config, const Clock& clock) {
    if (options.no_checkpoints) return {};
    if (options.checkpoints.empty() && !config) return no_checkpoints();
    if (!options.checkpoints.empty()) {
      SLUICE_CHECK(is_folder(options.checkpoints));
      folder_ = std::make_unique<objects::FolderStore>(options.checkpoints);
    } else {
      configured_ = std::make_unique<ConfiguredObjects>(config->objects);
      SLUICE_CHECK(configured_->prepare());
    }
    if (options.keys.empty() && !config) return no_keys();
    SLUICE_TRY(verify_, keys_in(options.keys.empty() ? config->auth.signing_keys : options.keys, clock));
    store_.emplace(folder_ ? static_cast<objects::ObjectStore&>(*folder_) : configured_->store());
    evidence_.emplace(Evidence{*store_, verify_, options.environments});
    return {};
  }
  [[nodiscard]] const Evidence* evidence() const { return evidence_ ? &*evidence_ : nullptr; }

 private:
  static Status is_folder(const std::string& path) {
    if (std::filesystem::is_directory(path)) return {};
    return Error{ErrorKind::kInvalid, "cli.file", fmt::format("'{}' is not a folder.", path),
                 "Name the folder of objects that holds audit/.", {}};
  }
  static Status no_checkpoints() {
    return Error{ErrorKind::kInvalid, "cli.usage", "A chain that was cut short is found by its checkpoints only.",
                 "Give --checkpoints and --keys, or --config; --no-checkpoints if each chain in itself is enough.", {}};
  }
  static Status no_keys() {
    return Error{ErrorKind::kInvalid, "cli.usage", "Checkpoints are signed: --keys says with what they are checked.",
                 "Give --keys jwks.json (from `sluice keys public`) or the folder of keys.", {}};
  }

  std::unique_ptr<objects::ObjectStore> folder_;
  std::unique_ptr<ConfiguredObjects> configured_;
  audit::domain::VerifySignature verify_;
  std::optional<audit::infrastructure::ObjectCheckpointStore> store_;
  std::optional<Evidence> evidence_;
};

Json json_of(const ChainVerdict& chain) {
  Json json{{"environment", chain.environment}, {"records", chain.records}, {"checkpoints", chain.checkpoints}};
  if (chain.proven) json["proven"] = {{"seq", chain.proven->head.seq}, {"at", format_rfc3339(chain.proven->at)}};
  if (chain.fault) {
    json["fault"] = {{"kind", to_string(chain.fault->kind)}, {"seq", chain.fault->seq}, {"message", chain.fault->message}};
  }
  return json;
}

Json json_of(const Verdict& verdict) {
  Json chains = Json::array();
  for (const ChainVerdict& chain : verdict.chains) chains.push_back(json_of(chain));
  return {{"whole", verdict.whole()}, {"chains", std::move(chains)}};
}

std::string note_of(const ChainVerdict& chain, bool compared) {
  std::string note = governance::interface::counted(chain.records, "record");
  if (chain.proven) {
    return note + fmt::format(", proven up to {} by the checkpoint of {}", chain.proven->head.seq,
                              format_rfc3339(chain.proven->at));
  }
  if (!compared) return note + ", not compared with checkpoints";
  return note + (chain.checkpoints == 0 ? ", no checkpoint yet" : ", proven by no checkpoint");
}

governance::interface::Report report_of(const Verdict& verdict, bool compared) {
  governance::interface::Report report;
  report.kind = "audit";
  report.title = "Audit chains";
  std::int64_t records = 0;
  std::size_t wrong = 0;
  for (const ChainVerdict& chain : verdict.chains) {
    records += chain.records;
    report.items.push_back({chain.environment, chain.fault ? "BROKEN" : "WHOLE", {}, note_of(chain, compared)});
    if (!chain.fault) continue;
    ++wrong;
    report.findings.push_back({governance::interface::Level::kError,
                               fmt::format("audit.{}", to_string(chain.fault->kind)), chain.environment,
                               fmt::format("record {}", chain.fault->seq), chain.fault->message,
                               "See docs/runbooks/broken-chain.md.", {}});
  }
  using governance::interface::counted;
  report.summary = fmt::format("{}, {}: {}", counted(std::ssize(verdict.chains), "chain"), counted(records, "record"),
                               wrong == 0 ? "whole" : fmt::format("{} broken", wrong));
  return report;
}

Result<Verdict> verify_file(const std::string& path, const Evidence* evidence) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorKind::kInvalid, "cli.file", fmt::format("'{}' can't be read.", path), "", {}};
  audit::interface::JsonLinesSource source(in);
  return verify_chains(source, evidence, Deadline::after(kDeadline));
}

Result<Verdict> verify_database(const config::Config& config, const Evidence* evidence, const Clock& clock) {
  SLUICE_TRY(const auto store, MetadataStore::open(config.database, clock));
  SLUICE_CHECK(store->migrator().check(Deadline::after(config.database.connect_deadline)));
  audit::infrastructure::SqlRecords source(store->database());
  return verify_chains(source, evidence, Deadline::after(kDeadline));
}

// Every installation has records: an export without any is one that failed. A damaged record is one.
Status holds_what_was_asked(const Verdict& verdict, std::vector<std::string> environments) {
  std::set<std::string> with_records;
  for (const ChainVerdict& chain : verdict.chains) {
    const bool damaged = chain.fault && chain.fault->kind != audit::domain::FaultKind::kTruncated;
    if (chain.records > 0 || damaged) with_records.insert(chain.environment);
  }
  for (const std::string& environment : with_records) {
    if (environments.empty() || std::ranges::find(environments, environment) != environments.end()) continue;
    return Error{ErrorKind::kInvalid, "audit.more", fmt::format("The export holds records of '{}' as well.", environment),
                 "Name it with --env, too, so that its checkpoints are looked for.", {}};
  }
  std::erase_if(environments, [&](const std::string& environment) { return with_records.contains(environment); });
  if (environments.empty() && !with_records.empty()) return {};
  const std::string of_what = environments.empty() ? "" : fmt::format(" of '{}'", environments.front());
  return Error{ErrorKind::kInvalid, "audit.empty", fmt::format("The export holds no record{}.", of_what),
               "Export again: sluice audit export --file FILE.", {}};
}

int run(Io& io, const Options& options) {
  const SystemClock clock;
  std::optional<config::Config> config;
  const bool needs_config = !options.no_checkpoints && (options.checkpoints.empty() || options.keys.empty());
  const bool has_config = !config_path(io, options.config).empty();
  if (options.file.empty() || !options.config.empty() || (needs_config && has_config)) {
    auto loaded = load_config(io, options.config);
    if (!loaded) return fail_config(io, config_path(io, options.config), loaded.error());
    config = std::move(*loaded);
  }
  Checkpoints checkpoints;
  const Status opened = checkpoints.open(options, config ? &*config : nullptr, clock);
  if (!opened) return fail(io, opened.error());
  const Evidence* evidence = checkpoints.evidence();
  const auto verdict = options.file.empty() ? verify_database(*config, evidence, clock)
                                            : verify_file(options.file, evidence);
  if (!verdict) return fail(io, verdict.error());
  const Status asked = options.file.empty() ? Status() : holds_what_was_asked(*verdict, options.environments);
  if (!asked) return fail(io, asked.error());
  io.out << rendered(io, options.format, report_of(*verdict, evidence != nullptr), json_of(*verdict));
  return verdict->whole() ? kOk : kViolations;
}

}  // namespace

void add_audit_verify(CLI::App& group, const Program& program) {
  CLI::App* command = group.add_subcommand("verify", "Whether the trail still says what it said");
  command->footer(
      "Works on the database that the configuration names, without a server; or on an export, with --file.\n"
      "Finds edits, deletions, reordering, and, by the checkpoints, truncation and rewritten chains.\n\n"
      "Exit code: 0 whole, 4 a chain is broken, 1 error.\n\n"
      "Examples:\n"
      "  sluice audit verify --config sluice.yaml\n"
      "  sluice audit verify --file prod.jsonl --env prod --checkpoints /var/lib/sluice/objects --keys jwks.json");
  auto options = std::make_shared<Options>();
  add_config_option(*command, options->config);
  auto* file = command->add_option("--file", options->file, "An export in JSON Lines, instead of the database");
  command->add_option("--env", options->environments,
                      "The export holds only this environment's chain, as by `audit export --env`; repeatable")
      ->needs(file);
  auto* folder = command->add_option("--checkpoints", options->checkpoints,
                                     "The folder of objects with the checkpoints (default: the configuration's store)");
  command->add_option("--keys", options->keys,
                      "A JWKS file or a folder of keys to check signatures with (default: the configuration's)");
  command->add_flag("--no-checkpoints", options->no_checkpoints, "Only look at each chain in itself")->excludes(folder);
  add_format_option(*command, options->format);
  command->callback([program, options] { program.exit_code = run(program.io, *options); });
}

}  // namespace sluice::cli
