// Grants as JSON, in the `grants` claim of a JWT and in the token table:
//   [{"role": "editor", "environment": "prod", "names": ["prod.orders.*", "prod.billing.*"]}]
// `environment` (or `env`) and `names` (a string or a list) default to "*".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "platform/auth/principal.h"
#include "platform/core/json.h"
#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice::auth {

inline constexpr std::size_t kMaxGrants = 100;

// One Grant for every name. An entry whose role we don't know grants nothing. Anything else that is
// not understood is an Error (kInvalid): a misspelt or newer scope must not become "everywhere".
Result<std::vector<Grant>> read_grants(const text::Node& list);
Json grants_to_json(std::span<const Grant> grants);
std::string write_grants(std::span<const Grant> grants);

}  // namespace sluice::auth
