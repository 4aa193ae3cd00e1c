// A message as the queue keeps it.
#pragma once

#include <string>

#include "notify/contract/notification.h"
#include "notify/domain/message.h"
#include "platform/core/result.h"

namespace sluice::notify::infrastructure {

// Keeps only a proper issue key: that of the change's metadata, else one in the change's id.
domain::Message message_of(const contract::Notification& notification, TimePoint at);

std::string write_message(const domain::Message& message);
Result<domain::Message> read_message(const std::string& text);

}  // namespace sluice::notify::infrastructure
