// One target's HTTP: 2 s a call, 64 KiB an answer, no redirect, no private address, whatever its name
// resolves to. Everything that comes back is hostile until read. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "notify/domain/delivery.h"
#include "notify/infrastructure/destination.h"
#include "platform/core/json.h"
#include "platform/http/client.h"

namespace sluice::notify::infrastructure {

enum class Reach : std::uint8_t { kPublic, kPrivateToo };

class TargetClient {
 public:
  // `secrets` never show in reasons, even when the target says them.
  TargetClient(Destination destination, Reach reach, std::vector<std::string> secrets);

  // `path` begins after the origin. `headers` beside content-type and user-agent.
  Result<http::ClientResponse> call(http::Method method, const std::string& path, std::string body,
                                    const http::Headers& headers);
  // What an answer means for a delivery.
  [[nodiscard]] domain::SendOutcome outcome_of(const Result<http::ClientResponse>& answer) const;
  [[nodiscard]] const Destination& destination() const { return destination_; }

 private:
  [[nodiscard]] std::string reason_of(const http::ClientResponse& answer) const;

  const Destination destination_;
  const std::vector<std::string> secrets_;
  http::Client client_;
};

}  // namespace sluice::notify::infrastructure
