#include "sluice/configuration.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <filesystem>
#include <ostream>

extern char** environ;

namespace sluice::cli {
namespace {

constexpr const char* kDefaultFile = "sluice.yaml";

log::Level level_of(config::LogLevel level) {
  switch (level) {
    case config::LogLevel::kDebug: return log::Level::kDebug;
    case config::LogLevel::kInfo: return log::Level::kInfo;
    case config::LogLevel::kWarn: return log::Level::kWarn;
    case config::LogLevel::kError: return log::Level::kError;
  }
  return log::Level::kInfo;
}

log::Format format_of(config::LogFormat format) {
  const bool human = format == config::LogFormat::kHuman ||
                     (format == config::LogFormat::kAuto && isatty(STDERR_FILENO) == 1);
  return human ? log::Format::kHuman : log::Format::kJson;
}

}  // namespace

void add_config_option(CLI::App& command, std::string& path) {
  command.add_option("-c,--config", path, "Configuration file (default: $SLUICE_CONFIG, else ./sluice.yaml)");
}

std::string config_path(const Io& io, const std::string& option) {
  if (!option.empty()) return option;
  if (const auto named = io.environment("SLUICE_CONFIG"); named && !named->empty()) return *named;
  std::error_code ignored;
  return std::filesystem::exists(kDefaultFile, ignored) ? kDefaultFile : "";
}

Result<config::Config> load_config(const Io& io, const std::string& option) {
  SLUICE_TRY(const auto source, config::read_source(config_path(io, option), config::environment_of(environ)));
  return config::load(source);
}

int fail_config(Io& io, const std::string& path, const Error& error) {
  if (error.problems.empty()) return fail(io, error);
  io.err << "sluice: the configuration is not valid [" << error.code << "]\n"
         << config::describe_problems(path.empty() ? "(environment)" : path, error.problems);
  return kError;
}

log::Logger make_logger(const config::Config& config, const Clock& clock) {
  return {log::make_fd_sink(STDERR_FILENO), clock,
          {.level = level_of(config.log.level), .format = format_of(config.log.format)}};
}

}  // namespace sluice::cli
