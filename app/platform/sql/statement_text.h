// Pieces of statements' texts that both databases need.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "platform/sql/database.h"

namespace sluice::sql {

// An expression: now, by the database's own clock, in ms since 1970. What every lease is measured by:
// processes' clocks differ, the database has one. It moves on within a transaction.
std::string_view now_ms(Dialect dialect);

// "($3, $4), ($5, $6)": rows for VALUES. Also for `x IN (VALUES …)`, which PostgreSQL hashes in generic plans
// as well; a plain list of placeholders it compares one by one with each row.
std::string placeholder_rows(std::size_t first, std::size_t rows, std::size_t columns);

}  // namespace sluice::sql
