// Slack's incoming webhooks: one message, which calls nobody by name. Their address is the secret.
#pragma once

#include <string>

#include "notify/domain/repository/sender.h"
#include "notify/infrastructure/target_client.h"

namespace sluice::notify::infrastructure {

class SlackSender final : public domain::Sender {
 public:
  // `link_url`: where changes have their pages; may be empty.
  SlackSender(Destination destination, Reach reach, std::string link_url);
  domain::SendOutcome send(const domain::Delivery& delivery) override;

 private:
  TargetClient client_;
  const std::string link_url_;
};

}  // namespace sluice::notify::infrastructure
