#include "platform/tasks/lifecycle.h"

#include <fmt/format.h>

#include "platform/core/assert.h"

namespace sluice::tasks {
namespace {

using Phase = LifecycleEvent::Phase;

std::chrono::milliseconds since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               began);
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::kStarting: return "starting";
    case Phase::kStarted: return "started";
    case Phase::kStartFailed: return "start-failed";
    case Phase::kStopping: return "stopping";
    case Phase::kStopped: return "stopped";
    case Phase::kStopFailed: return "stop-failed";
  }
  return "";
}

Lifecycle::~Lifecycle() { SLUICE_ASSERT(started_ == 0); }

void Lifecycle::add(Component component) {
  SLUICE_ASSERT(started_ == 0);
  components_.push_back(std::move(component));
}

Status Lifecycle::start(Deadline deadline, std::chrono::milliseconds undo_within) {
  SLUICE_ASSERT(started_ == 0);
  for (const Component& component : components_) {
    auto status = run(component, true, deadline);
    if (!status) {
      (void)stop(Deadline::after(undo_within));  // the observer has heard what failed there
      return status;
    }
    ++started_;
  }
  return {};
}

Status Lifecycle::stop(Deadline deadline) {
  Status first_failure;
  for (std::size_t i = 0; i < started_; ++i) {
    if (components_[i].ask_to_stop) components_[i].ask_to_stop();
  }
  while (started_ > 0) {
    const Component& component = components_[--started_];
    auto status = run(component, false, deadline.no_later_than(component.stop_within));
    if (!status && first_failure) first_failure = std::move(status);
  }
  return first_failure;
}

Status Lifecycle::run(const Component& component, bool starting, Deadline deadline) {
  const auto& step = starting ? component.start : component.stop;
  const auto began = std::chrono::steady_clock::now();
  observer_({component.name, starting ? Phase::kStarting : Phase::kStopping, {}, {}});
  auto status = step ? step(deadline) : Status();
  if (status) {
    observer_({component.name, starting ? Phase::kStarted : Phase::kStopped, since(began), {}});
    return status;
  }
  const auto failed = starting ? Phase::kStartFailed : Phase::kStopFailed;
  observer_({component.name, failed, since(began), status.error()});
  return status;
}

}  // namespace sluice::tasks
