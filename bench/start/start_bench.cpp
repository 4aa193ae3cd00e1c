// How long a server takes from exec to ready, and the memory that it needs once it is idle.
//   start_bench <URL> <program> <arguments…>
// Exit code 1 when the bound is missed or the server does not get ready.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include "platform/http/client.h"

namespace {

using namespace sluice;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr double kMaxMilliseconds = 500;
constexpr int kRounds = 10;
constexpr std::chrono::seconds kPatience{30};
// Long enough for each health check to have come round.
constexpr int kIdleMs = 6'000;

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "start_bench: {}\n", what);
  std::exit(1);
}

void pause_ms(int milliseconds) { (void)::poll(nullptr, 0, milliseconds); }

// A server of this bench; it ends with the object.
class Server {
 public:
  explicit Server(char** command) {
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    const int error = ::posix_spawn(&pid_, command[0], &quiet, nullptr, command, environ);
    posix_spawn_file_actions_destroy(&quiet);
    if (error != 0) fail(fmt::format("{}: {}", command[0], std::generic_category().message(error)));
  }
  ~Server() {
    if (!running()) return;
    ::kill(pid_, SIGTERM);
    (void)::waitpid(pid_, nullptr, 0);
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  bool running() {
    if (!ended_ && ::waitpid(pid_, nullptr, WNOHANG) == pid_) ended_ = true;
    return !ended_;
  }

  [[nodiscard]] long rss_kib() const {
    std::ifstream status(fmt::format("/proc/{}/status", pid_));
    for (std::string word; status >> word;) {
      long kib = 0;
      if (word == "VmRSS:" && status >> kib) return kib;
    }
    return 0;
  }

 private:
  pid_t pid_ = 0;
  bool ended_ = false;
};

// Empty when it did not get ready.
std::optional<Milliseconds> until_ready(Server& server, const std::string& url,
                                        std::chrono::steady_clock::time_point started) {
  http::ClientRequest request;
  request.url = url + "/health/ready";
  http::Client client;
  const auto deadline = Deadline::after(kPatience);
  while (!deadline.expired() && server.running()) {
    const auto answer = client.send(request, deadline);
    if (answer && answer->status == 200) return std::chrono::steady_clock::now() - started;
    pause_ms(1);
  }
  return std::nullopt;
}

struct Measured {
  std::optional<Milliseconds> ready_after;
  long idle_kib = 0;
};

Measured measure(char** command, const std::string& url, bool until_idle) {
  const auto started = std::chrono::steady_clock::now();
  Server server(command);
  Measured measured;
  measured.ready_after = until_ready(server, url, started);
  if (measured.ready_after && until_idle) {
    pause_ms(kIdleMs);
    measured.idle_kib = server.rss_kib();
  }
  return measured;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) fail("usage: start_bench <URL> <program> <arguments…>");
  std::vector<double> times;
  Measured last;
  for (int round = 1; round <= kRounds; ++round) {
    last = measure(argv + 2, argv[1], round == kRounds);
    if (!last.ready_after) fail("the server did not get ready");
    times.push_back(last.ready_after->count());
  }
  std::ranges::sort(times);
  const double median = (times[kRounds / 2 - 1] + times[kRounds / 2]) / 2;
  fmt::print("{:<34} {:.0f} ms, median of {} from {:.0f} to {:.0f} (at most {:.0f})\n",
             "start to ready", median, kRounds, times.front(), times.back(), kMaxMilliseconds);
  fmt::print("{:<34} {:.1f} MiB\n", "idle memory, every role", static_cast<double>(last.idle_kib) / 1024);
  return median <= kMaxMilliseconds ? 0 : 1;
}
