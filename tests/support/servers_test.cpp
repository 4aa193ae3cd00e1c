#include "support/servers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::test {
namespace {

bool answers(std::string_view host_and_port) {
  const std::string port(host_and_port.substr(host_and_port.rfind(':') + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(std::stoi(port)));
  const int socket_fd = socket(AF_INET, SOCK_STREAM, 0);
  const bool connected =
      connect(socket_fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(socket_fd);
  return connected;
}

TEST(TestServers, OneKafkaNodeListensInPlaintextSaslAndTls) {
  for (const char* key :
       {"SLUICE_TEST_KAFKA", "SLUICE_TEST_KAFKA_SASL", "SLUICE_TEST_KAFKA_TLS"}) {
    const std::string bootstrap = test_server(key);
    EXPECT_TRUE(bootstrap.starts_with("127.0.0.1:")) << key << "=" << bootstrap;
    EXPECT_TRUE(answers(bootstrap)) << key << "=" << bootstrap;
  }
}

TEST(TestServers, TlsFilesExist) {
  const std::filesystem::path folder = test_server("SLUICE_TEST_TLS_DIR");
  for (const char* name : {"ca.pem", "client.pem", "client.key"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / name)) << folder / name;
  }
}

TEST(TestServers, PostgresListensOnLoopback) {
  const std::string url = test_server("SLUICE_TEST_DATABASE_URL");
  const std::string_view address = std::string_view(url).substr(url.find('@') + 1);
  EXPECT_TRUE(address.starts_with("127.0.0.1:")) << address;
  EXPECT_TRUE(answers(address.substr(0, address.find('/'))));
}

TEST(TestServers, UnknownKeySaysHowToStart) {
  EXPECT_THAT([] { test_server("SLUICE_TEST_NONE"); },
              testing::ThrowsMessage<std::runtime_error>(
                  testing::HasSubstr("scripts/test-servers start")));
}

}  // namespace
}  // namespace sluice::test
