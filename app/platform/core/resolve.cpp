#include "platform/core/resolve.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "platform/core/mutex.h"

namespace sluice {
namespace {

constexpr int kMaxLookups = 8;
std::atomic<int> lookups_running{0};

// Shared by the caller, who may give up, and the lookup, which can't.
struct Lookup {
  Mutex mutex;
  ConditionVariable finished;
  std::optional<Result<std::vector<std::string>>> result SLUICE_GUARDED_BY(mutex);
};

Error unresolved(std::string reason) {
  return {ErrorKind::kUnavailable, "network.unresolved", std::move(reason), "check the name and the name server", {}};
}

Result<std::vector<std::string>> look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (code != 0) return unresolved(::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  std::vector<std::string> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0,
                      NI_NUMERICHOST) == 0) {
      addresses.emplace_back(text.data());
    }
  }
  return addresses;
}

}  // namespace

bool is_ip_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> binary{};
  return ::inet_pton(AF_INET, host.c_str(), binary.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), binary.data()) == 1;
}

Result<std::vector<std::string>> resolve_host(const std::string& host, Deadline deadline) {
  if (is_ip_address(host)) return std::vector<std::string>{host};
  if (lookups_running.fetch_add(1) >= kMaxLookups) {
    lookups_running.fetch_sub(1);
    return unresolved("the name server has not answered earlier questions yet");
  }
  const auto lookup = std::make_shared<Lookup>();
  // Detached: getaddrinfo can't be interrupted, and nobody may wait for it at shutdown.
  std::thread([lookup, host] {
    auto result = look_up(host);
    MutexLock lock(lookup->mutex);
    lookup->result = std::move(result);
    lookups_running.fetch_sub(1);
    lookup->finished.notify_all();
  }).detach();
  MutexLock lock(lookup->mutex);
  while (!lookup->result) {
    if (!lookup->finished.wait_until(lookup->mutex, deadline) && !lookup->result) {
      return unresolved("the name server does not answer in time");
    }
  }
  return std::move(*lookup->result);
}

}  // namespace sluice
