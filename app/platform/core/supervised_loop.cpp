#include "platform/core/supervised_loop.h"

#include <algorithm>
#include <exception>
#include <random>

namespace sluice {

std::chrono::milliseconds Backoff::wait_after(int failures, double fraction) const {
  auto step = first;
  for (int i = 1; i < failures && step < most; ++i) step *= 2;
  step = std::min(step, most);
  const auto half = step / 2;
  return half + std::chrono::milliseconds{static_cast<std::int64_t>(
                    static_cast<double>((step - half).count()) * fraction)};
}

SupervisedLoop::SupervisedLoop(std::string name, Step step, OnError on_error, Backoff backoff)
    : name_(std::move(name)),
      step_(std::move(step)),
      on_error_(std::move(on_error)),
      backoff_(backoff),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

SupervisedLoop::~SupervisedLoop() {
  request_stop();
  join();
}

void SupervisedLoop::request_stop() {
  thread_.request_stop();
  wake();
}

void SupervisedLoop::join() {
  if (thread_.joinable()) thread_.join();
}

void SupervisedLoop::wake() {
  {
    MutexLock lock(mutex_);
    wake_requested_ = true;
  }
  woken_.notify_all();
}

void SupervisedLoop::run(const std::stop_token& stop) {
  std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> fraction(0, 1);
  int failures = 0;
  while (!stop.stop_requested()) {
    const auto outcome = run_step(stop);
    if (outcome) {
      failures = 0;
      wait(stop, outcome->wait);
      continue;
    }
    const auto pause = backoff_.wait_after(++failures, fraction(random));
    on_error_(outcome.error(), pause);
    wait(stop, pause);
  }
}

Result<StepOutcome> SupervisedLoop::run_step(const std::stop_token& stop) {
  try {
    return step_(stop);
  } catch (const std::exception& failure) {  // a thread's entry point: the loop must live on
    return Error{ErrorKind::kInternal, "loop.exception", name_ + ": " + failure.what(), "", {}};
  }
}

void SupervisedLoop::wait(const std::stop_token& stop, std::chrono::milliseconds wait) {
  const auto deadline = Deadline::after(wait);
  MutexLock lock(mutex_);
  while (!wake_requested_ && !stop.stop_requested() && !deadline.expired()) {
    woken_.wait_until(mutex_, deadline);
  }
  wake_requested_ = false;
}

}  // namespace sluice
