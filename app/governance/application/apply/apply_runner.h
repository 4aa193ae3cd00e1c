// Runs executions in the background: a few threads, a bounded queue before them. Stopping ends runs
// between two chunks and gives their leases back, so that another process may go on at once.
// Thread-safe but for start() and stop(), which one thread calls.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "governance/application/apply/change_executor.h"
#include "platform/core/bounded_queue.h"
#include "platform/core/supervised_loop.h"

namespace sluice::governance::application {

struct ApplyRunnerOptions {
  int threads = 4;
  int most = 16;  // running and waiting together
};

class ApplyRunner {
 public:
  // Called once, on a thread of the runner: the execution as it is when the run is over, whether or
  // not it came to its end, or why the journal could not be kept.
  using OnOver = std::function<void(Result<domain::Execution>)>;

  // The right to hand over one execution; taken before its approval is spent.
  class Place {
   public:
    explicit Place(std::atomic<int>& taken) : taken_(&taken) {}
    Place(Place&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (taken_ != nullptr) --*taken_;
    }

   private:
    std::atomic<int>* taken_;
  };

  ApplyRunner(ApplyServices& services, ApplyRunnerOptions options);
  ~ApplyRunner();  // stops

  void start();
  void stop();
  // apply.busy (kUnavailable) when as many are under way as may be.
  Result<Place> reserve();
  void run(Place place, RunningExecution execution, OnOver on_over);
  [[nodiscard]] int running() const { return running_.load(); }

 private:
  struct Job {
    Place place;
    RunningExecution execution;
    OnOver on_over;
  };
  Result<StepOutcome> work(const std::stop_token& stop);
  void run_job(Job& job, const std::stop_token& stop);
  void refuse(Job& job);

  ApplyServices& services_;
  ChangeExecutor executor_;
  const ApplyRunnerOptions options_;
  std::atomic<int> taken_{0};
  std::atomic<int> running_{0};
  BoundedQueue<std::unique_ptr<Job>> jobs_;
  std::vector<std::unique_ptr<SupervisedLoop>> threads_;
};

}  // namespace sluice::governance::application
