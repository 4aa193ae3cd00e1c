// What can stand in the way of a policy change, each told once.
#pragma once

#include <cstdint>

#include "platform/core/error.h"

namespace sluice::governance::application::errors {

Error no_policies();
Error unreadable_policies(std::int64_t version, const Error& why);
Error policy_version_not_found(std::int64_t version);
Error policy_precondition_required();
Error policy_precondition_failed(std::int64_t newest);
Error policy_version_taken();
Error not_a_policy_change();
Error another_document_approved();

}  // namespace sluice::governance::application::errors
