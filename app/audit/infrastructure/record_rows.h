// Rows of audit_records as records.
#pragma once

#include <cstddef>
#include <string_view>

#include "audit/domain/record.h"
#include "platform/core/result.h"
#include "platform/sql/value.h"

namespace sluice::audit::infrastructure {

// The columns in the order in which read_record() takes them.
inline constexpr std::string_view kSelectRecords =
    "SELECT environment, seq, prev_hash, hash, at_ms, action, target, name, change_id, actor, actor_owner,"
    " actor_issuer, token_id, request_id, outcome, state_before, state_after, detail";

// Into a record that is used again and again. An error (kInternal) when the row is not what we write: of
// another type, or of no possible time; `record` then holds at least the number, where that can be read.
Status read_record(const sql::Rows& rows, std::size_t row, domain::Record& record);

}  // namespace sluice::audit::infrastructure
