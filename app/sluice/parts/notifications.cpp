#include "sluice/parts/notifications.h"

#include "notify/interface/notification_routes.h"

namespace sluice::parts {
namespace {

using notify::infrastructure::OpenTarget;

std::vector<notify::domain::Target> targets_of(const std::vector<OpenTarget>& open) {
  std::vector<notify::domain::Target> targets;
  for (const OpenTarget& one : open) targets.push_back(one.target);
  return targets;
}

notify::application::NotificationsDesk::Senders senders_of(const std::vector<OpenTarget>& open) {
  notify::application::NotificationsDesk::Senders senders;
  for (const OpenTarget& one : open) senders.emplace(one.target.name, one.sender.get());
  return senders;
}

notify::application::QueueLimits limits_of(const config::Notify& config) {
  return {.pending = config.queue_limit, .max_age = config.max_age};
}

}  // namespace

Notifications::Notifications(Built, const Foundation& foundation, std::vector<OpenTarget> targets)
    : logger_(foundation.logger.module("notify")),
      outcomes_(foundation.metrics.counter("notifications_total", "Notifications by what became of them.",
                                           {"target", "outcome"})),
      waiting_(foundation.metrics.gauge("notifications_queue", "Notifications that wait, of all processes.", {"target"})),
      targets_(std::move(targets)),
      store_(foundation.database),
      queue_(foundation.database.dialect(), targets_of(targets_), foundation.clock, foundation.ids),
      desk_(store_, senders_of(targets_), foundation.clock, foundation.ids),
      keeper_(
          store_, limits_of(foundation.config.notify),
          [this](const notify::application::Outcome& outcome) { observe(outcome); },
          [this](const auto& by_target) { show_pending(by_target); }) {
  const notify::domain::RetryPolicy policy{.max_attempts = foundation.config.notify.max_attempts,
                                           .max_age = foundation.config.notify.max_age};
  for (const OpenTarget& one : targets_) {
    running_.push_back({std::make_unique<notify::application::Deliverer>(
                            one.target.name, *one.sender, store_, policy,
                            [this](const notify::application::Outcome& outcome) { observe(outcome); }),
                        nullptr});
    waiting_.with({one.target.name}).set(0);
  }
}

Result<std::unique_ptr<Notifications>> Notifications::build(const Foundation& foundation) {
  SLUICE_TRY(auto targets, notify::infrastructure::open_targets(foundation.config.notify, foundation.clock));
  return std::make_unique<Notifications>(Built{}, foundation, std::move(targets));
}

void Notifications::observe(const notify::application::Outcome& outcome) {
  outcomes_.with({outcome.target, outcome.kind}).inc(static_cast<double>(outcome.count));
  if (outcome.kind == notify::application::kDelivered) return;
  logger_.warn("notification not delivered", {{"target", outcome.target},
                                              {"outcome", outcome.kind},
                                              {"id", outcome.id},
                                              {"count", outcome.count},
                                              {"reason", outcome.reason}});
}

void Notifications::show_pending(const std::map<std::string, std::int64_t>& by_target) {
  for (const OpenTarget& one : targets_) waiting_.with({one.target.name}).set(0);
  for (const auto& [target, count] : by_target) waiting_.with({target}).set(static_cast<double>(count));
}

void Notifications::add_routes(http::Router& router) {
  router.add(notify::interface::notification_routes(desk_, logger_));
}

void Notifications::add_loop(tasks::Lifecycle& lifecycle, const std::string& name, std::unique_ptr<SupervisedLoop>& loop,
                             std::function<Result<StepOutcome>()> step) {
  lifecycle.add(loop_component(name, loop, [this, name, step = std::move(step)] {
    return std::make_unique<SupervisedLoop>(
        name, [step](const std::stop_token&) { return step(); },
        [this, name](const Error& error, std::chrono::milliseconds wait) {
          log_failed_step(logger_, name, error, wait);
        },
        Backoff{std::chrono::seconds{1}, std::chrono::minutes{1}});
  }));
}

void Notifications::add_components(tasks::Lifecycle& lifecycle) {
  for (std::size_t i = 0; i < running_.size(); ++i) {
    auto& deliverer = *running_[i].deliverer;
    add_loop(lifecycle, "notify " + targets_[i].target.name, running_[i].loop, [&deliverer] { return deliverer.run_once(); });
  }
  add_loop(lifecycle, "notify queue", keeping_, [this] { return keeper_.run_once(); });
}

}  // namespace sluice::parts
