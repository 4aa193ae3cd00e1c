#include "sluice/approval_token.h"

#include <CLI/CLI.hpp>

#include "platform/core/text.h"
#include "sluice/input_file.h"

namespace sluice::cli {

void add_approval_token_option(CLI::App& command, std::string& file) {
  command.add_option("--approval-token-file", file,
                     "A file that holds the approval token; - for standard input (default: $SLUICE_APPROVAL_TOKEN)");
}

Result<std::string> read_approval_token(const Io& io, const std::string& file) {
  if (file.empty()) return io.environment("SLUICE_APPROVAL_TOKEN").value_or("");
  SLUICE_TRY(const std::string text, read_input(file));
  return std::string(trim(text));
}

}  // namespace sluice::cli
