#include "governance/interface/apply/apply_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sluice::governance::interface {
namespace {

constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::milliseconds kBeat{15'000};      // keeps proxies from closing an idle stream
constexpr std::chrono::milliseconds kLongest{3'600'000};  // a client that is still there comes again
constexpr std::chrono::milliseconds kDatabase{2'000};

std::string event(std::string_view name, const Json& data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, data.dump());
}

http::Response head() {
  http::Response response = http::Response::text(200, "");
  response.content_type = "text/event-stream";
  response.headers.set("Cache-Control", "no-store");
  return response;
}

Error too_many() {
  return {ErrorKind::kUnavailable, "events.busy", "As many streams are open as this server takes.",
          "Ask GET /v1/changes/{changeId} now and then instead.", {}};
}

}  // namespace

Json progress_to_json(const domain::ExecutionProgress& progress) {
  using enum domain::ItemState;
  const auto count = [&](domain::ItemState state) {
    const auto found = progress.items.find(state);
    return found == progress.items.end() ? std::int64_t{0} : found->second;
  };
  std::int64_t total = 0;
  for (const auto& [_, items] : progress.items) total += items;
  return {{"executionId", progress.execution_id},
          {"state", domain::to_string(progress.state)},
          {"total", total},
          {"items",
           {{"done", count(kDone)},
            {"failed", count(kFailed)},
            {"stale", count(kStale)},
            {"unknown", count(kUnknown)},
            {"underWay", count(kIntent)},
            {"pending", count(kPending)}}}};
}

void ApplyFeed::run_once() {
  if (auto follow = openings_.pop(Deadline::after(kTick))) open(std::move(*follow));
  while (auto more = openings_.pop(Deadline::after(std::chrono::milliseconds{0}))) open(std::move(*more));
  ring();
  look();
}

void ApplyFeed::open(FollowRequest follow) {
  const auto refused = [&](const Error& error) {
    follow.responder.send(http::Response::problem(error, follow.request.request_id));
  };
  if (followers_.size() >= kMostFollowers) return refused(too_many());
  if (const Status allowed = check_(follow.request); !allowed) return refused(allowed.error());
  const domain::ChangeId change{std::string(follow.request.path_value("changeId"))};
  followers_.push_back({change, follow.responder.stream(head()), "", Deadline::after(kBeat), Deadline::after(kLongest)});
}

void ApplyFeed::ring() {
  while (auto alarm = alarms_.pop(Deadline::after(std::chrono::milliseconds{0}))) {
    waiting_.push_back(std::move(*alarm));
  }
  std::erase_if(waiting_, [](Alarm& alarm) {
    if (!alarm.when.expired()) return false;
    alarm.call();
    return true;
  });
}

void ApplyFeed::look() {
  if (followers_.empty()) return;
  std::set<domain::ChangeId> changes;
  for (const Follower& follower : followers_) changes.insert(follower.change);
  const std::vector<domain::ChangeId> asked(changes.begin(), changes.end());
  // A database that is away ends no stream: the next tick may show more.
  const auto progress = progress_.progress_of(asked, Deadline::after(kDatabase));
  std::erase_if(followers_, [&](Follower& follower) {
    const domain::ExecutionProgress* found = nullptr;
    if (progress) {
      const auto place = progress->find(follower.change);
      if (place != progress->end()) found = &place->second;
    }
    return !feed(follower, found);
  });
}

// Whether the stream goes on.
bool ApplyFeed::feed(Follower& follower, const domain::ExecutionProgress* progress) {
  if (!follower.stream || !follower.stream->open() || follower.until.expired()) return false;
  if (progress != nullptr) {
    const bool ended = progress->state != domain::ExecutionState::kRunning;
    std::string text = event(ended ? "end" : "progress", progress_to_json(*progress));
    if (text != follower.last) {
      if (!follower.stream->write(text)) return false;
      follower.last = std::move(text);
    }
    if (ended) return false;
  }
  if (!follower.beat.expired()) return true;
  follower.beat = Deadline::after(kBeat);
  return follower.stream->write(": still here\n\n");
}

}  // namespace sluice::governance::interface
