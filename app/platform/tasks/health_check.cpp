#include "platform/tasks/health_check.h"

#include <fmt/format.h>

namespace sluice::tasks {

std::string_view to_string(CheckStatus status) {
  switch (status) {
    case CheckStatus::kUnknown: return "unknown";
    case CheckStatus::kOk: return "ok";
    case CheckStatus::kFailing: return "failing";
    case CheckStatus::kNoAnswer: return "no-answer";
  }
  return "";
}

HealthCheck::HealthCheck(Check check, const Clock& clock)
    : check_(std::move(check)), clock_(clock) {
  last_.name = check_.name;
  last_.need = check_.need;
  last_.message = "not checked yet";
  last_.since = clock_.now();
}

std::optional<CheckState> HealthCheck::run_once() {
  const auto began = clock_.now();
  {
    MutexLock lock(mutex_);
    running_since_ = began;
  }
  const Status answer = check_.run(Deadline::after(check_.deadline));
  MutexLock lock(mutex_);
  running_since_.reset();
  const auto before = last_.status;
  record(answer, began, clock_.now());
  return last_.status == before ? std::nullopt : std::optional(last_);
}

void HealthCheck::record(const Status& answer, TimePoint began, TimePoint now) {
  const auto status = answer ? CheckStatus::kOk : CheckStatus::kFailing;
  if (status != last_.status) last_.since = answer ? now : began;
  last_.status = status;
  last_.message = answer ? "" : answer.error().message;
  last_.fix = answer ? "" : answer.error().fix;
  last_.last_checked_at = now;
}

CheckState HealthCheck::state() const {
  const auto now = clock_.now();
  MutexLock lock(mutex_);
  CheckState state = last_;
  if (!running_since_ || now <= *running_since_ + check_.deadline) return state;
  state.status = CheckStatus::kNoAnswer;
  // What failed before has been so for longer than it has been silent.
  if (last_.status != CheckStatus::kFailing) state.since = *running_since_;
  state.message = fmt::format("no answer since {}", format_rfc3339(*running_since_));
  return state;
}

}  // namespace sluice::tasks
