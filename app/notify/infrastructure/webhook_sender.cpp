#include "notify/infrastructure/webhook_sender.h"

#include <fmt/format.h>

#include "notify/infrastructure/links.h"
#include "platform/core/sha256.h"

namespace sluice::notify::infrastructure {
namespace {

std::string body_of(const domain::Delivery& delivery, const std::string& link) {
  const domain::Message& message = delivery.message;
  Json body{{"id", delivery.id},
            {"event", message.event},
            {"at", format_rfc3339(message.at)},
            {"environment", message.environment},
            {"changeId", message.change_id},
            {"actor", {{"id", message.actor}, {"owner", message.owner}}},
            {"summary", message.summary},
            {"facts", message.facts}};
  if (!message.issue.empty()) body["issue"] = message.issue;
  if (!link.empty()) body["link"] = link;
  return body.dump();
}

}  // namespace

std::string webhook_signature(const std::string& secret, TimePoint at, const std::string& body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
  return fmt::format("t={},v1={}", seconds, hmac_sha256_hex(secret, fmt::format("{}.{}", seconds, body)));
}

WebhookSender::WebhookSender(Destination destination, Reach reach, std::string secret, std::string link_url,
                             const Clock& clock)
    : client_(std::move(destination), reach, {secret}),
      secret_(std::move(secret)),
      link_url_(std::move(link_url)),
      clock_(clock) {}

domain::SendOutcome WebhookSender::send(const domain::Delivery& delivery) {
  std::string body = body_of(delivery, change_link(link_url_, delivery.message.change_id));
  http::Headers headers;
  headers.set("x-sluice-id", delivery.id);
  headers.set("x-sluice-event", delivery.message.event);
  headers.set("x-sluice-signature", webhook_signature(secret_, clock_.now(), body));
  return client_.outcome_of(client_.call(http::Method::kPost, client_.destination().path, std::move(body), headers));
}

}  // namespace sluice::notify::infrastructure
