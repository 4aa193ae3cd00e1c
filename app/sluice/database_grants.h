// What the role with which Sluice works may do in PostgreSQL: everything it needs, and nothing that
// would let it rewrite the audit trail or the schema.
#pragma once

#include <string>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/sql/database.h"

namespace sluice {

// Gives `role`, which must exist and not be able to do more anyway (a superuser, or an owner of the
// tables), its grants on the tables there are: again after each migration. Errors: grant.unsupported
// (SQLite has no roles), grant.no-role, grant.role-too-strong.
Status grant_application_role(sql::Database& database, const std::string& role, Deadline deadline);

}  // namespace sluice
