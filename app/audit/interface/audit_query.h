// GET /v1/audits' query, read strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "audit/application/list_records.h"
#include "platform/core/result.h"
#include "platform/http/message.h"

namespace sluice::audit::interface {

enum class Format : std::uint8_t { kJson, kJsonLines, kCsv };

struct AuditQuery {
  application::RecordQuery records;
  Format format = Format::kJson;
  std::optional<std::size_t> at_most;  // of an export; empty = everything
};

// Every wrong or unknown parameter is a Problem of one error (kInvalid).
Result<AuditQuery> read_audit_query(const http::Request& request);

// A place as an opaque text for `after`.
std::string write_cursor(const domain::RecordPlace& place);
std::optional<domain::RecordPlace> read_cursor(std::string_view text);

}  // namespace sluice::audit::interface
