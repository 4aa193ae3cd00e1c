// Follows applies for everybody who wants to: one loop, one statement a tick, whatever the number of
// streams. Also answers requests that wait for an apply when their time is nearly up. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "governance/domain/repository/execution_progress.h"
#include "platform/core/bounded_queue.h"
#include "platform/core/json.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

struct FollowRequest {
  http::Request request;
  http::Responder responder;
};

class ApplyFeed {
 public:
  // Whether the request may follow the change; the error is its answer. May wait for the database.
  using Check = std::function<Status(const http::Request&)>;

  ApplyFeed(domain::ProgressReader& progress, Check check) : progress_(progress), check_(std::move(check)) {}

  // From an I/O thread: never blocks. False when as many are followed as may be; `follow` is untouched.
  bool follow(FollowRequest&& follow) { return openings_.try_push(std::move(follow)); }
  // Calls back on the feed's thread soon after the deadline. False when there are too many.
  bool at(Deadline when, std::function<void()> call) { return alarms_.try_push({when, std::move(call)}); }

  // One step of its loop: waits a tick at most.
  void run_once();

 private:
  struct Alarm {
    Deadline when;
    std::function<void()> call;
  };
  struct Follower {
    domain::ChangeId change;
    std::unique_ptr<http::Responder::Stream> stream;
    std::string last;
    Deadline beat;
    Deadline until;
  };

  void open(FollowRequest follow);
  void ring();
  void look();
  bool feed(Follower& follower, const domain::ExecutionProgress* progress);

  static constexpr std::size_t kMostFollowers = 64;
  static constexpr std::size_t kMostAlarms = 256;

  domain::ProgressReader& progress_;
  Check check_;
  BoundedQueue<FollowRequest> openings_{kMostFollowers};
  BoundedQueue<Alarm> alarms_{kMostAlarms};
  std::vector<Alarm> waiting_;       // the loop's own
  std::vector<Follower> followers_;  // the loop's own
};

// {executionId, state, total, items{done, failed, stale, unknown, underWay, pending}}
Json progress_to_json(const domain::ExecutionProgress& progress);

}  // namespace sluice::governance::interface
