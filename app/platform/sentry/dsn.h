// A Sentry DSN: https://<public key>@<host>[:port][/path]/<project>.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace sluice::sentry {

struct Dsn {
  std::string envelope_url;  // where envelopes are posted to; holds no key
  std::string public_key;
};

// Error kInvalid "sentry.dsn"; it shows nothing of the DSN.
Result<Dsn> parse_dsn(std::string_view text);

}  // namespace sluice::sentry
