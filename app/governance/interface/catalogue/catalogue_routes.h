// The REST face of the catalogue: what exists, syncs, and what exists as batches.
#pragma once

#include <vector>

#include "governance/application/catalogue/catalogue_view.h"
#include "governance/application/catalogue/sync_catalogue.h"
#include "governance/application/environments.h"
#include "governance/application/policy_store.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

// Everything pointed to must outlive the routes.
struct CatalogueRoutesServices {
  application::CatalogueView& view;
  application::SyncCatalogue& sync;
  const application::Environments& environments;
  const application::PolicyStore& policies;
};

std::vector<http::Route> catalogue_routes(const CatalogueRoutesServices& services);

}  // namespace sluice::governance::interface
