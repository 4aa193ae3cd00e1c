// The inverse of what was applied.
#pragma once

#include "governance/application/rollback/plan_rollback.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Rollback final : public Part {
 public:
  Rollback(const governance::application::Environments& environments, governance::domain::PlanRepository& plans,
           governance::domain::ExecutionReader& executions, governance::domain::CatalogueRepository& catalogue,
           governance::application::PlanTopics& planner)
      : rollback_(environments, plans, executions, catalogue, planner) {}

  void add_routes(http::Router& router) override;

 private:
  governance::application::PlanRollback rollback_;
};

}  // namespace sluice::parts
