// Where a command finds the API: the server that SLUICE_URL or --server names; or, with --direct, this
// very program, started inside the command on a loopback port from a configuration file and ended with
// it. There is no second way through governance: both speak HTTP to the same routes with a token.
#pragma once

#include <string>

#include "sluice/api_client.h"
#include "sluice/command.h"

namespace sluice::cli {

struct Connection {
  std::string server;  // empty: SLUICE_URL
  bool direct = false;
  std::string config;  // of --direct
  int timeout_s = 60;
};

// --server, --direct, --config and --timeout; `connection` must live as long as the command.
void add_connection_options(CLI::App& command, Connection& connection);

// With --direct, waits until the program inside is ready; it ends with the last copy of the client.
Result<ApiClient> connect(const Io& io, const Connection& connection);

}  // namespace sluice::cli
