// What exists, whether it is as declared, and the loop that keeps looking.
#pragma once

#include <map>
#include <memory>

#include "governance/application/catalogue/catalogue_view.h"
#include "governance/application/catalogue/live_topics.h"
#include "governance/application/catalogue/sync_catalogue.h"
#include "governance/application/drift/check_drift.h"
#include "governance/infrastructure/catalogue/sql_catalogue_repository.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Catalogue final : public Part {
 public:
  Catalogue(const Foundation& foundation, const governance::application::Environments& environments,
            const governance::application::PolicyStore& policies, governance::application::LiveTopics& topics);

  void add_routes(http::Router& router) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

  [[nodiscard]] governance::domain::CatalogueRepository& repository() { return repository_; }
  [[nodiscard]] const governance::application::CatalogueView& view() const { return view_; }
  [[nodiscard]] governance::application::CheckDrift& drift() { return drift_; }

 private:
  Result<StepOutcome> follow(const std::stop_token& stop);
  void sync_what_is_due(const std::stop_token& stop);
  void show();

  const Foundation foundation_;
  const log::Logger logger_;
  const governance::application::Environments& environments_;
  const governance::application::PolicyStore& policies_;
  governance::application::LiveTopics& live_topics_;
  governance::infrastructure::SqlCatalogueRepository repository_;
  governance::application::CatalogueView view_;
  governance::application::SyncCatalogue sync_;
  governance::application::CheckDrift drift_;
  metrics::Family<metrics::Gauge>& topics_;
  metrics::Family<metrics::Gauge>& age_;
  std::map<governance::domain::EnvironmentName, TimePoint> tried_at_;  // the loop's own
  std::unique_ptr<SupervisedLoop> loop_;
};

}  // namespace sluice::parts
