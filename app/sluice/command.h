// What every command of the CLI gets: its streams and environment, and how it reports its outcome.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "platform/core/error.h"

namespace CLI {
class App;
}

namespace sluice::cli {

enum ExitCode : int { kOk = 0, kError = 1, kUsage = 2, kChanges = 3, kViolations = 4 };

struct Io {
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  std::function<std::optional<std::string>(const std::string& name)> environment;
};

// Each adds one command (or a group of them) to the program; its callback sets `exit_code`.
struct Program {
  CLI::App& app;
  Io& io;
  int& exit_code;
};

void add_serve(const Program& program);
void add_plan(const Program& program);
void add_catalog(const Program& program);
void add_import(const Program& program);
void add_drift(const Program& program);
void add_rollback(const Program& program);
void add_apply(const Program& program);
void add_policy(const Program& program);
void add_config(const Program& program);
void add_migrate(const Program& program);
void add_token(const Program& program);
void add_audit(const Program& program);
void add_keys(const Program& program);
void add_changes(const Program& program);
void add_approve(const Program& program);
void add_reject(const Program& program);
void add_cancel(const Program& program);
void add_approval(const Program& program);
void add_notify(const Program& program);
void add_doctor(const Program& program);
void add_routes(const Program& program);
void add_version(const Program& program);
void add_completion(const Program& program);

// "sluice: <message>", the places that are wrong one a line, then what to do. Returns kError.
int fail(Io& io, const Error& error);

}  // namespace sluice::cli
