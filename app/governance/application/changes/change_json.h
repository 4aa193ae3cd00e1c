// Changes as the API shows them. Signed statements stay inside: the token goes to who approves.
#pragma once

#include <span>

#include "governance/domain/apply/execution.h"
#include "governance/domain/change/change.h"
#include "governance/domain/repository/change_repository.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

Json change_to_json(const domain::StoredChange& change);
Json revision_to_json(const domain::RevisionSummary& revision);
Json approval_to_json(const domain::StoredApproval& approval, bool counts);
Json execution_to_json(const domain::Execution& execution);

}  // namespace sluice::governance::application
