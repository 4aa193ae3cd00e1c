// What can stand in the way of a decision about a change, each told once.
#pragma once

#include <string>
#include <string_view>

#include "governance/domain/change/change.h"
#include "platform/core/error.h"

namespace sluice::governance::application::errors {

Error change_not_found(const domain::ChangeId& change);
Error change_in_progress(const domain::ChangeId& change);
Error change_of_another(const domain::ChangeId& change);
Error change_not_approved(const domain::StoredChange& change);
// "approved", "rejected", "cancelled": what its state does not allow.
Error change_wrong_state(const domain::StoredChange& change, std::string_view wanted);
Error change_blocked(const domain::ChangeId& change);
Error change_of_other_policies(std::string_view planned, std::string_view in_force);
Error own_change(const domain::ChangeId& change);
Error same_person(const domain::ChangeId& change);
Error not_the_requester(const domain::ChangeId& change);
Error role_missing(std::string_view role, std::string_view environment, std::string_view name);

Error approval_digest(const domain::StoredChange& change);
Error approval_invalid(std::string_view why);
Error approval_incomplete(std::int64_t remaining);
Error approval_superseded(const domain::StoredChange& change);
Error approval_expired(const domain::ChangeId& change);
Error approval_policy_changed(std::string_view approved, std::string_view in_force);

}  // namespace sluice::governance::application::errors
