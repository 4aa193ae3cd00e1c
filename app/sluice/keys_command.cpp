// sluice keys generate | rotate | list | public: the keys that sign approvals and audit checkpoints,
// in the folder that the configuration names.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <ostream>

#include "platform/auth/signing_keys.h"
#include "sluice/configuration.h"

namespace sluice::cli {
namespace {

using Action = Status (*)(Io&, const std::string& folder, const Clock&);

Status generate(Io& io, const std::string& folder, const Clock& clock) {
  SLUICE_TRY(const std::string id, auth::generate_signing_key(folder, clock));
  io.err << fmt::format("made in {}; it signs from now on, older keys still verify:\n", folder);
  io.out << id << "\n";
  return {};
}

Status list(Io& io, const std::string& folder, const Clock& clock) {
  SLUICE_TRY(const auto keys, auth::SigningKeys(folder, clock).list());
  for (const auth::SigningKeyInfo& key : keys) {
    io.out << key.id << (key.signs ? "  signs\n" : key.can_sign ? "  verifies\n" : "  verifies (public half only)\n");
  }
  return {};
}

Status print_public(Io& io, const std::string& folder, const Clock& clock) {
  SLUICE_TRY(const Json keys, auth::SigningKeys(folder, clock).public_keys());
  io.out << keys.dump(2) << "\n";
  return {};
}

int run(Io& io, const std::string& option, Action action) {
  const auto config = load_config(io, option);
  if (!config) return fail_config(io, config_path(io, option), config.error());
  const auto done = action(io, config->auth.signing_keys, SystemClock());
  return done ? static_cast<int>(kOk) : fail(io, done.error());
}

void add(CLI::App& group, const Program& program, const char* name, const char* description, const char* example,
         Action action) {
  CLI::App* command = group.add_subcommand(name, description);
  command->footer(std::string("Example:\n  ") + example);
  auto config = std::make_shared<std::string>();
  add_config_option(*command, *config);
  command->callback([program, config, action] { program.exit_code = run(program.io, *config, action); });
}

}  // namespace

void add_keys(const Program& program) {
  CLI::App* group = program.app.add_subcommand("keys", "The keys that sign approvals and audit checkpoints");
  group->footer("Example:\n  sluice keys generate --config sluice.yaml");
  group->require_subcommand(1);
  add(*group, program, "generate", "Make a key in auth.signing_keys; it signs from now on",
      "sluice keys generate --config sluice.yaml", generate);
  add(*group, program, "rotate", "The same: the new key signs, what older ones signed still counts",
      "sluice keys rotate --config sluice.yaml", generate);
  add(*group, program, "list", "List the keys, the newest first", "sluice keys list --config sluice.yaml", list);
  add(*group, program, "public", "Print the public halves as a JWKS document, to verify offline",
      "sluice keys public --config sluice.yaml > jwks.json", print_public);
}

}  // namespace sluice::cli
