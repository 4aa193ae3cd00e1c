// Audit records as others read them: JSON (the API, JSON Lines) and CSV, and JSON back again. Pure.
#pragma once

#include <string>
#include <string_view>

#include "audit/domain/record.h"
#include "platform/core/result.h"

namespace sluice::audit::interface {

// One object on one line: what was hashed, and `hash`. Without that member and in canonical form
// (RFC 8785) its SHA-256 is `hash`.
void append_json(std::string& out, const domain::Record& record);
// Strict: any member less, more or of another type is kInvalid. As to_json wrote it, or reformatted.
Result<domain::Record> read_json(std::string_view line);

// RFC 4180 with CR LF, for people's spreadsheets: a cell that one of those would take for a formula starts
// with an apostrophe. Not meant to be read back.
std::string_view csv_header();
void append_csv(std::string& out, const domain::Record& record);

}  // namespace sluice::audit::interface
