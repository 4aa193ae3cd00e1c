// Audit records as one caller may see them: those of resources that are out of its sight aren't there.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "audit/domain/repository/record_repository.h"

namespace sluice::audit::application {

// Whether the caller may see what happened to this name there.
using MayView = std::function<bool(std::string_view environment, std::string_view name)>;

struct RecordPage {
  std::vector<domain::Record> records;
  std::optional<domain::RecordPlace> next;  // where the following page begins; empty: this was the last
};

struct RecordQuery {
  domain::RecordFilter filter;
  domain::RecordOrder order = domain::RecordOrder::kNewest;
  std::optional<domain::RecordPlace> after;
  std::size_t limit = 100;
};

// At most `limit` records. A page may be short, even empty, and still have a next one: a caller who sees
// little makes nobody read the whole trail in one request.
Result<RecordPage> list_records(domain::RecordRepository& records, const RecordQuery& query, const MayView& may_view,
                                Deadline deadline);

}  // namespace sluice::audit::application
