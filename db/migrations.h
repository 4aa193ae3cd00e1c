// The files of db/migrations as they were when this program was built.
#pragma once

#include <span>

#include "platform/sql/migrator.h"

namespace sluice::db {

std::span<const sql::MigrationSource> migrations();  // in order of version

}  // namespace sluice::db
