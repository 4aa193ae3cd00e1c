#include "notify/application/queue_keeper.h"

namespace sluice::notify::application {
namespace {

constexpr std::chrono::seconds kInterval{5};

}  // namespace

Result<StepOutcome> QueueKeeper::run_once() {
  SLUICE_TRY(const auto overdue, store_.end_overdue(limits_.max_age));
  for (const auto& [target, count] : overdue) on_outcome_({target, kDead, count, "", "waited too long"});
  SLUICE_TRY(const auto dropped, store_.end_beyond(limits_.pending));
  for (const auto& [target, count] : dropped) on_outcome_({target, kDropped, count, "", "the queue was full"});
  SLUICE_CHECK(store_.drop_ended(limits_.kept_after_end));
  SLUICE_TRY(const auto pending, store_.count_pending());
  on_pending_(pending);
  return StepOutcome{kInterval};
}

}  // namespace sluice::notify::application
