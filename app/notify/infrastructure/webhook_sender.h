// The generic webhook: the notification as JSON, signed, with an id by which the receiver knows what it
// has had.
//
//   x-sluice-id: <delivery's id>; the same on every attempt
//   x-sluice-signature: t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "<t>.<body>" with the secret>
#pragma once

#include <string>

#include "notify/domain/repository/sender.h"
#include "notify/infrastructure/target_client.h"
#include "platform/core/clock.h"

namespace sluice::notify::infrastructure {

std::string webhook_signature(const std::string& secret, TimePoint at, const std::string& body);

class WebhookSender final : public domain::Sender {
 public:
  WebhookSender(Destination destination, Reach reach, std::string secret, std::string link_url, const Clock& clock);
  domain::SendOutcome send(const domain::Delivery& delivery) override;

 private:
  TargetClient client_;
  const std::string secret_;
  const std::string link_url_;
  const Clock& clock_;
};

}  // namespace sluice::notify::infrastructure
