// sluice migrate up | status | grant
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <functional>
#include <ostream>

#include "sluice/configuration.h"
#include "sluice/database_grants.h"
#include "sluice/metadata_store.h"

namespace sluice::cli {
namespace {

constexpr std::chrono::minutes kMigrateDeadline{10};

std::string_view text_of(sql::MigrationState state) {
  switch (state) {
    case sql::MigrationState::kApplied: return "applied";
    case sql::MigrationState::kPending: return "pending";
    case sql::MigrationState::kUnknown: return "newer than this program";
  }
  return "";
}

using Action = std::function<int(Io&, MetadataStore&)>;

int with_store(Io& io, const std::string& option, const Action& action) {
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, config_path(io, option), config.error());
  const SystemClock clock;
  const auto store = MetadataStore::open(config->database, clock);
  return store ? action(io, **store) : fail(io, store.error());
}

int up(Io& io, MetadataStore& store) {
  const auto applied = store.migrator().up(Deadline::after(kMigrateDeadline));
  if (!applied) return fail(io, applied.error());
  if (applied->empty()) io.out << "nothing to do: the schema is up to date\n";
  for (const auto version : *applied) io.out << fmt::format("applied {:04}\n", version);
  return kOk;
}

int status(Io& io, MetadataStore& store) {
  const auto migrations = store.migrator().status(Deadline::after(kMigrateDeadline));
  if (!migrations) return fail(io, migrations.error());
  bool pending = false;
  for (const auto& migration : *migrations) {
    pending = pending || migration.state == sql::MigrationState::kPending;
    io.out << fmt::format("{:04}  {:<32} {}  {}\n", migration.version, migration.name, text_of(migration.state),
                          migration.applied_at ? format_rfc3339(*migration.applied_at) : "");
  }
  return pending ? kChanges : kOk;
}

int grant(Io& io, MetadataStore& store, const std::string& role) {
  const auto granted = grant_application_role(store.database(), role, Deadline::after(kMigrateDeadline));
  if (!granted) return fail(io, granted.error());
  io.out << fmt::format("{} may work with the tables there are; audit records it may only add and read\n", role);
  return kOk;
}

void add_grant(CLI::App& group, const Program& program, const std::shared_ptr<std::string>& path) {
  CLI::App* command = group.add_subcommand("grant", "Give the role that Sluice works with what it needs (PostgreSQL)");
  command->footer(
      "The audit trail then is append-only for it by grant, not only by trigger. Run it with the role that\n"
      "owns the tables, after each `migrate up`.\n\n"
      "Example:\n  sluice migrate grant --role sluice_app --config sluice.yaml");
  add_config_option(*command, *path);
  auto role = std::make_shared<std::string>();
  command->add_option("--role", *role, "The role; it must exist and must not own the tables")->required();
  command->callback([program, path, role] {
    program.exit_code = with_store(program.io, *path, [role](Io& io, MetadataStore& store) { return grant(io, store, *role); });
  });
}

void add(CLI::App& group, const Program& program, const std::shared_ptr<std::string>& path, const char* name,
         const char* description, Action action) {
  CLI::App* command = group.add_subcommand(name, description);
  command->footer(fmt::format("Example:\n  sluice migrate {} --config sluice.yaml", name));
  add_config_option(*command, *path);
  command->callback([program, path, action] { program.exit_code = with_store(program.io, *path, action); });
}

}  // namespace

void add_migrate(const Program& program) {
  CLI::App* group = program.app.add_subcommand("migrate", "The metadata database's schema");
  group->footer("Example:\n  sluice migrate up --config sluice.yaml");
  group->require_subcommand(1);
  auto path = std::make_shared<std::string>();
  add(*group, program, path, "up", "Apply what is pending; safe beside running servers and other migrators", up);
  add(*group, program, path, "status", "List migrations; exit code 3 when some are pending", status);
  add_grant(*group, program, path);
}

}  // namespace sluice::cli
