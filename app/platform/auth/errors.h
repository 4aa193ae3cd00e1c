// Why a token does not count. The texts go to whoever sent it, so they name the check that failed
// and never a secret, a key, or whether a token id exists.
#pragma once

#include <string_view>

#include "platform/core/error.h"

namespace sluice::auth::errors {

Error missing();
Error malformed(std::string_view why);  // "exp is not a number"
Error algorithm();
Error signature();
Error unknown();  // no such service token, or a key that we do not have
Error expired();
Error not_yet_valid();
Error issuer();
Error audience();
Error revoked();
Error keys_missing(std::string_view folder, std::string_view why);
Error signature_invalid();
Error signature_unknown_key();
Error store_unavailable();  // the cause is for the operator, not for whoever holds the token

}  // namespace sluice::auth::errors
