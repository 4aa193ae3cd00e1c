#include "audit/application/list_records.h"

#include <algorithm>

namespace sluice::audit::application {
namespace {

constexpr std::size_t kFewest = 100;     // read at once
constexpr std::size_t kScanned = 10'000;  // records looked at for one page

// Takes the visible ones of `found` until the page is full; false when it is.
bool take(std::vector<domain::Record>& found, const RecordQuery& query, const MayView& may_view, RecordPage& page) {
  for (domain::Record& record : found) {
    if (page.records.size() == query.limit) return false;
    page.next = domain::place_of(record);
    if (may_view(record.environment, record.name)) page.records.push_back(std::move(record));
  }
  return true;
}

}  // namespace

Result<RecordPage> list_records(domain::RecordRepository& records, const RecordQuery& query, const MayView& may_view,
                                Deadline deadline) {
  RecordPage page;
  page.next = query.after;
  // One more than asked for tells whether there is a next page.
  const std::size_t step = std::max(query.limit + 1, kFewest);
  for (std::size_t scanned = 0; scanned < kScanned; scanned += step) {
    SLUICE_TRY(auto found, records.page(query.filter, query.order, page.next, step, deadline));
    const bool all_taken = take(found, query, may_view, page);
    if (!all_taken) return page;
    if (found.size() < step) {
      page.next.reset();
      return page;
    }
  }
  return page;
}

}  // namespace sluice::audit::application
