// Who a request comes from, as the use cases of changes see it.
#pragma once

#include "governance/application/changes/caller.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

// Keeps the request's principal; the request itself may go.
application::Caller caller_of(const http::Request& request);

}  // namespace sluice::governance::interface
