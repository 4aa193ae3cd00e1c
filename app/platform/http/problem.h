// Errors as RFC 9457 problem documents.
#pragma once

#include <string_view>

#include "platform/core/error.h"
#include "platform/http/message.h"

namespace sluice::http {

// The one table from kinds of error to statuses.
int status_of(ErrorKind kind);
// With a status that no kind stands for (405, 408, 414, 415, 431, …).
Response problem_with_status(int status, const Error& error, std::string_view request_id);

}  // namespace sluice::http
