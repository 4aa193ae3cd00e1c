// How long a new connection's first request takes, before and behind COUNT idle keep-alive ones.
//   idle_connections PORT COUNT     prints "<before µs> <behind µs>", medians of 200
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr std::string_view kRequest = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

int open_and_ask(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::array<char, 4096> answer{};
  const bool answered = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                        send(fd, kRequest.data(), kRequest.size(), 0) > 0 && recv(fd, answer.data(), answer.size(), 0) > 0;
  if (answered && std::string_view(answer.data(), 12) == "HTTP/1.1 200") return fd;
  std::perror("a connection was not answered");
  std::exit(1);
}

long median_us(std::uint16_t port) {
  std::vector<long> took;
  for (int i = 0; i < 200; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    close(open_and_ask(port));
    took.push_back(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count());
  }
  std::nth_element(took.begin(), took.begin() + 100, took.end());
  return took[100];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string_view port_text = argv[1];
  const std::string_view count_text = argv[2];
  std::uint16_t port = 0;
  int count = 0;
  std::from_chars(port_text.begin(), port_text.end(), port);
  std::from_chars(count_text.begin(), count_text.end(), count);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  const long before = median_us(port);
  std::vector<int> idle;
  for (int i = 0; i < count; ++i) idle.push_back(open_and_ask(port));
  const long behind = median_us(port);
  fmt::print("{} {}\n", before, behind);
}
