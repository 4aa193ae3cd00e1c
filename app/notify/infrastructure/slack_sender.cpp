#include "notify/infrastructure/slack_sender.h"

#include "notify/domain/wording.h"
#include "notify/infrastructure/links.h"

namespace sluice::notify::infrastructure {

SlackSender::SlackSender(Destination destination, Reach reach, std::string link_url)
    : client_(destination, reach, {destination.path}), link_url_(std::move(link_url)) {}

domain::SendOutcome SlackSender::send(const domain::Delivery& delivery) {
  const std::string link = change_link(link_url_, delivery.message.change_id);
  const Json body{{"text", domain::slack_text(delivery.message, link)},
                  {"parse", "none"},
                  {"link_names", false},
                  {"unfurl_links", false},
                  {"unfurl_media", false}};
  return client_.outcome_of(client_.call(http::Method::kPost, client_.destination().path, body.dump(), {}));
}

}  // namespace sluice::notify::infrastructure
