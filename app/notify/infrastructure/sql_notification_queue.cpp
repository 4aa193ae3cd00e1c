#include "notify/infrastructure/sql_notification_queue.h"

#include "notify/infrastructure/message_json.h"
#include "notify/infrastructure/sql_delivery_store.h"

namespace sluice::notify::infrastructure {
namespace {

constexpr std::string_view kInsert = R"(
INSERT INTO notify_deliveries
  (id, target, part, event, environment, change_id, message, state, created_at_ms, queued_at_ms, due_at_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'PENDING', @now, @now, @now))";

}  // namespace

Status SqlNotificationQueue::enqueue(sql::Session& session, const contract::Notification& notification) {
  const domain::Message message = message_of(notification, clock_.now());
  const std::string text = write_message(message);
  const std::string insert = in_dialect(dialect_, kInsert);
  for (const domain::Target& target : targets_) {
    for (const domain::Part part : domain::parts_for(target, message)) {
      SLUICE_CHECK(session.execute(insert, {ids_.next_uuid(), target.name, domain::to_string(part), message.event,
                                            message.environment, message.change_id, text}));
    }
  }
  return {};
}

}  // namespace sluice::notify::infrastructure
