// How every command that needs the configuration gets it: --config, else SLUICE_CONFIG, else
// ./sluice.yaml where there is one, else defaults and environment alone.
#pragma once

#include <string>

#include "platform/config/config.h"
#include "platform/log/logger.h"
#include "platform/core/clock.h"
#include "sluice/command.h"

namespace sluice::cli {

// Adds --config to a command; the text it is bound to must live as long as the command.
void add_config_option(CLI::App& command, std::string& path);

// The path in force; empty when there is no file.
std::string config_path(const Io& io, const std::string& option);
Result<config::Config> load_config(const Io& io, const std::string& option);
// As fail(), but each line starts with file:line:column.
int fail_config(Io& io, const std::string& path, const Error& error);

log::Logger make_logger(const config::Config& config, const Clock& clock);

}  // namespace sluice::cli
