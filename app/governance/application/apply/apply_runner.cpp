#include "governance/application/apply/apply_runner.h"

#include <fmt/format.h>

#include "governance/application/apply/apply_errors.h"

namespace sluice::governance::application {
namespace {

constexpr std::chrono::milliseconds kLookForWork{500};

Error shutting_down() {
  return {ErrorKind::kCancelled, "server.stopping", "This process is stopping.", "", {}};
}

}  // namespace

ApplyRunner::ApplyRunner(ApplyServices& services, ApplyRunnerOptions options)
    : services_(services), executor_(services), options_(options), jobs_(static_cast<std::size_t>(options.most)) {}

ApplyRunner::~ApplyRunner() { stop(); }

void ApplyRunner::start() {
  for (int i = 0; i < options_.threads; ++i) {
    threads_.push_back(std::make_unique<SupervisedLoop>(
        fmt::format("apply-{}", i + 1), [this](const std::stop_token& stop) { return work(stop); },
        [](const Error&, std::chrono::milliseconds) {}));
  }
}

void ApplyRunner::stop() {
  jobs_.close();
  for (auto& thread : threads_) thread->request_stop();
  threads_.clear();
  while (auto job = jobs_.pop(Deadline::after(std::chrono::milliseconds{0}))) refuse(**job);
}

Result<ApplyRunner::Place> ApplyRunner::reserve() {
  Place place(taken_);
  if (++taken_ > options_.most) return errors::busy();
  return place;
}

void ApplyRunner::run(Place place, RunningExecution execution, OnOver on_over) {
  auto job = std::make_unique<Job>(Job{std::move(place), std::move(execution), std::move(on_over)});
  // Only stopping can refuse what has a place.
  if (!jobs_.try_push(std::move(job))) refuse(*job);
}

Result<StepOutcome> ApplyRunner::work(const std::stop_token& stop) {
  auto job = jobs_.pop(Deadline::after(kLookForWork));
  if (!job) return StepOutcome{};
  if (stop.stop_requested()) {
    refuse(**job);
  } else {
    run_job(**job, stop);
  }
  return StepOutcome{};
}

void ApplyRunner::run_job(Job& job, const std::stop_token& stop) {
  ++running_;
  const auto ended = executor_.run(job.execution, stop);
  --running_;
  if (ended) {
    job.on_over(std::move(job.execution.record));
  } else {
    job.on_over(errors::interrupted(job.execution.record.change_id, ended.error()));
  }
}

// Whoever applies again goes on at once; if the lease can't be given back, when it has run out.
void ApplyRunner::refuse(Job& job) {
  (void)services_.journal.release(job.execution.lease, Deadline::after(services_.options.journal_deadline));
  job.on_over(errors::interrupted(job.execution.record.change_id, shutting_down()));
}

}  // namespace sluice::governance::application
