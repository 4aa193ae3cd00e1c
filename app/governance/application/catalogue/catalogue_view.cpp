#include "governance/application/catalogue/catalogue_view.h"

namespace sluice::governance::application {
namespace {

constexpr int kPage = 5'000;

Error not_loaded() {
  return {ErrorKind::kUnavailable, "catalogue.not-loaded", "The catalogue has not been read yet.",
          "Try again in a moment; is the database reachable?", {}};
}

}  // namespace

// True: something is new.
Result<bool> CatalogueView::load(std::int64_t since, Deadline deadline) {
  domain::EnvironmentName environment;
  domain::TopicName name;
  for (bool changed = false;;) {
    SLUICE_TRY(auto topics, catalogue_.changed_since(since, environment, name, kPage, deadline));
    const bool last = topics.size() < static_cast<std::size_t>(kPage);
    changed = changed || !topics.empty();
    for (domain::CataloguedTopic& topic : topics) {
      environment = topic.environment;
      name = topic.name;
      rows_[{environment.str(), name.str()}] = std::make_shared<const domain::CataloguedTopic>(std::move(topic));
    }
    if (last) return changed;
  }
}

// The version is read before the rows: what is written in between is read once more the next time.
Status CatalogueView::refresh(Deadline deadline) {
  MutexLock refreshing(refreshing_);
  const auto before = current();
  CatalogueSnapshot next;
  SLUICE_TRY(next.state, catalogue_.state(deadline));
  const std::int64_t since = before ? (*before)->state.version : 0;
  bool changed = false;
  if (!before || since != next.state.version) {
    SLUICE_TRY(changed, load(since, deadline));
  }
  if (before && !changed) {
    next.index = (*before)->index;
  } else {
    std::vector<TopicRow> rows;
    rows.reserve(rows_.size());
    for (const auto& [key, row] : rows_) rows.push_back(row);
    next.index = std::make_shared<const CatalogueIndex>(std::move(rows));
  }
  auto snapshot = std::make_shared<const CatalogueSnapshot>(std::move(next));
  MutexLock lock(mutex_);
  current_ = std::move(snapshot);
  return {};
}

Result<std::shared_ptr<const CatalogueSnapshot>> CatalogueView::current() const {
  MutexLock lock(mutex_);
  if (!current_) return not_loaded();
  return current_;
}

}  // namespace sluice::governance::application
