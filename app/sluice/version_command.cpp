#include <CLI/CLI.hpp>

#include <ostream>

#include "sluice/command.h"
#include "sluice/version.h"

namespace sluice::cli {

void add_version(const Program& program) {
  CLI::App* command = program.app.add_subcommand("version", "Print what this binary is");
  command->footer("Example:\n  sluice version");
  command->callback([program] { program.io.out << build_description() << "\n"; });
}

}  // namespace sluice::cli
