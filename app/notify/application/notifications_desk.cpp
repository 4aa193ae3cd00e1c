#include "notify/application/notifications_desk.h"

#include <fmt/format.h>

#include "notify/contract/issue_key.h"
#include "platform/core/text.h"

namespace sluice::notify::application {
namespace {

Error not_found(const std::string& id) {
  return {ErrorKind::kNotFound, "notify.not-found", fmt::format("There is no notification '{}'.", printable(id, 60)),
          "See `sluice notify list`.", {}};
}

Error not_dead(const std::string& id, domain::DeliveryState state) {
  return {ErrorKind::kConflict, "notify.not-dead",
          fmt::format("Notification '{}' is {}; only a dead one can be tried again.", printable(id, 60),
                      domain::to_string(state)),
          "", {}};
}

Error no_target(const std::string& target) {
  return {ErrorKind::kNotFound, "notify.no-target",
          fmt::format("The configuration has no target '{}'.", printable(target, 60)),
          "Name one of notify.targets.", {}};
}

Error test_failed(const std::string& target, const std::string& reason) {
  return {ErrorKind::kUnavailable, "notify.test-failed",
          fmt::format("The test did not reach '{}': {}", printable(target, 60), reason),
          "Check the target's address, its secrets and notify.allowed_hosts.", {}};
}

}  // namespace

Result<std::vector<domain::DeliveryRecord>> NotificationsDesk::list(const domain::DeliveryFilter& filter,
                                                                    const std::string& before_id, int limit) {
  return store_.list(filter, before_id, limit);
}

Status NotificationsDesk::retry(const std::string& id) {
  SLUICE_TRY(const bool revived, store_.revive(id));
  if (revived) return {};
  SLUICE_TRY(const auto found, store_.find(id));
  return found ? not_dead(id, found->state) : not_found(id);
}

Status NotificationsDesk::test(const std::string& target, const std::string& issue, const std::string& actor) {
  const auto sender = senders_.find(target);
  if (sender == senders_.end()) return no_target(target);
  domain::Delivery delivery;
  delivery.id = ids_.next_uuid();
  delivery.target = target;
  delivery.attempts = 1;
  delivery.message.event = domain::kTestEvent;
  delivery.message.issue = contract::issue_key_in(issue);
  delivery.message.actor = actor;
  delivery.message.summary = "Sluice can reach this target.";
  delivery.message.at = clock_.now();
  const domain::SendOutcome outcome = sender->second->send(delivery);
  if (outcome.kind == domain::SendOutcome::Kind::kDelivered) return {};
  return test_failed(target, outcome.reason);
}

}  // namespace sluice::notify::application
