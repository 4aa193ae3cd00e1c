// Who is told what became of changes: the queue that others write to, one loop for each target, the
// loop that keeps the queue bounded, and the admins' routes.
#pragma once

#include <memory>
#include <vector>

#include "notify/application/deliverer.h"
#include "notify/application/notifications_desk.h"
#include "notify/application/queue_keeper.h"
#include "notify/infrastructure/sql_delivery_store.h"
#include "notify/infrastructure/sql_notification_queue.h"
#include "notify/infrastructure/targets.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Notifications final : public Part {
 private:
  struct Built {};  // only build() can make one

 public:
  Notifications(Built, const Foundation& foundation, std::vector<notify::infrastructure::OpenTarget> targets);
  // Opens no connection; refuses targets that the configuration does not allow.
  static Result<std::unique_ptr<Notifications>> build(const Foundation& foundation);

  [[nodiscard]] notify::contract::NotificationQueue& queue() { return queue_; }
  void add_routes(http::Router& router) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  struct Running {
    std::unique_ptr<notify::application::Deliverer> deliverer;
    std::unique_ptr<SupervisedLoop> loop;
  };
  void observe(const notify::application::Outcome& outcome);
  void show_pending(const std::map<std::string, std::int64_t>& by_target);
  void add_loop(tasks::Lifecycle& lifecycle, const std::string& name, std::unique_ptr<SupervisedLoop>& loop,
                std::function<Result<StepOutcome>()> step);

  const log::Logger logger_;
  metrics::Family<metrics::Counter>& outcomes_;
  metrics::Family<metrics::Gauge>& waiting_;
  const std::vector<notify::infrastructure::OpenTarget> targets_;
  notify::infrastructure::SqlDeliveryStore store_;
  notify::infrastructure::SqlNotificationQueue queue_;
  notify::application::NotificationsDesk desk_;
  notify::application::QueueKeeper keeper_;
  std::vector<Running> running_;  // one a target; never grows, others refer into it
  std::unique_ptr<SupervisedLoop> keeping_;
};

}  // namespace sluice::parts
