// The document of a kept plan, read back.
#pragma once

#include <string>
#include <string_view>

#include "governance/domain/topic/names.h"
#include "platform/core/json.h"
#include "platform/core/result.h"

namespace sluice::governance::application {

// kInternal plan.tampered unless it holds what its digest says: nobody may be shown, or approve or apply,
// what somebody has written into the database since.
Result<Json> read_kept_document(const domain::ChangeId& change, std::string_view digest, const std::string& text);

}  // namespace sluice::governance::application
