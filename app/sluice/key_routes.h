// The public halves of the signing keys over REST: what an offline verification needs.
#pragma once

#include "platform/auth/signing_keys.h"
#include "platform/http/message.h"

namespace sluice {

// `keys` must outlive the route.
http::Route key_route(const auth::SigningKeys& keys);

}  // namespace sluice
