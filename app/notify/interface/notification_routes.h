// The queue over HTTP, for admins: what waits, what was told, what was given up and why.
#pragma once

#include <vector>

#include "notify/application/notifications_desk.h"
#include "platform/http/message.h"
#include "platform/log/logger.h"

namespace sluice::notify::interface {

std::vector<http::Route> notification_routes(application::NotificationsDesk& desk, log::Logger logger);

}  // namespace sluice::notify::interface
