// Plans and the routes of topics.
#pragma once

#include <memory>

#include "governance/application/environments.h"
#include "governance/application/plan_topics.h"
#include "governance/application/policy_store.h"
#include "governance/infrastructure/catalogue/sql_topic_records.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Governance final : public Part {
 private:
  struct Built {};  // only build() can make one

 public:
  Governance(Built, const Foundation& foundation, const governance::application::Environments& environments,
             const governance::application::PolicyStore& policies, notify::contract::NotificationQueue& queue);
  static Result<std::unique_ptr<Governance>> build(const Foundation& foundation,
                                                   const governance::application::Environments& environments,
                                                   const governance::application::PolicyStore& policies,
                                                   notify::contract::NotificationQueue& queue);

  [[nodiscard]] governance::domain::PlanRepository& plans() { return plans_; }
  [[nodiscard]] const governance::application::PolicyStore& policies() const { return policies_; }
  [[nodiscard]] governance::application::PlanTopics& planner() { return planner_; }

  void add_routes(http::Router& router) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  Result<StepOutcome> drop_old_plans();

  const Foundation foundation_;
  const log::Logger logger_;
  const governance::application::Environments& environments_;
  governance::infrastructure::SqlPlanRepository plans_;
  governance::infrastructure::SqlTopicRecords records_;
  const governance::application::PolicyStore& policies_;
  governance::application::PlanTopics planner_;
  std::unique_ptr<SupervisedLoop> housekeeping_;
};

}  // namespace sluice::parts
