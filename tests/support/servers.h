#pragma once

#include <string>
#include <string_view>

namespace sluice::test {

// The address of a real server, by its key in the file that SLUICE_TEST_ENV names (written by
// scripts/test-servers): SLUICE_TEST_DATABASE_URL (a superuser: create your own database),
// SLUICE_TEST_KAFKA, SLUICE_TEST_KAFKA_SASL (SCRAM alice/alice-secret, PLAIN bob/bob-secret),
// SLUICE_TEST_KAFKA_TLS (client certificate needed), SLUICE_TEST_TLS_DIR (ca.pem, client.pem,
// client.key), SLUICE_TEST_KAFKA3. Servers are shared by every test: use names of your own.
// Throws with the command that starts the servers when the key is not there.
std::string test_server(std::string_view key);

}  // namespace sluice::test
