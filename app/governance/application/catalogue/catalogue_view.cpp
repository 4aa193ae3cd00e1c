#include "governance/application/catalogue/catalogue_view.h"

#include <algorithm>

namespace sluice::governance::application {
namespace {

constexpr int kPage = 5'000;

Error not_loaded() {
  return {ErrorKind::kUnavailable, "catalogue.not-loaded", "The catalogue has not been read yet.",
          "Try again in a moment; is the database reachable?", {}};
}

std::string key_of(std::string_view environment, std::string_view name) {
  std::string key;
  key.reserve(environment.size() + 1 + name.size());
  return key.append(environment).append("/").append(name);
}

// Calls `take` with page after page until one is not full. True: there was anything.
template <typename ReadPage, typename Take>
Result<bool> read_pages(const ReadPage& read_page, const Take& take) {
  domain::EnvironmentName environment;
  domain::TopicName name;
  for (bool any = false;;) {
    SLUICE_TRY(auto topics, read_page(environment, name));
    const bool last = topics.size() < static_cast<std::size_t>(kPage);
    any = any || !topics.empty();
    for (auto& topic : topics) {
      environment = topic.environment;
      name = topic.name;
      take(std::move(topic));
    }
    if (last) return any;
  }
}

// Whether a topic may have gone and been forgotten since: who was away for so long begins anew.
bool was_away_too_long(const domain::CatalogueState& before, const domain::CatalogueState& now) {
  return std::any_of(before.synced_at.begin(), before.synced_at.end(), [&](const auto& synced) {
    const auto forgotten = now.forgotten_before.find(synced.first);
    return forgotten != now.forgotten_before.end() && forgotten->second > synced.second;
  });
}

}  // namespace

const std::vector<domain::GroupLag>& CatalogueSnapshot::groups_of(const domain::EnvironmentName& environment,
                                                                  const domain::TopicName& name) const {
  static const std::vector<domain::GroupLag> kNone;
  const auto found = groups->find(key_of(environment.view(), name.view()));
  return found == groups->end() ? kNone : *found->second;
}

// True: something is new.
Result<bool> CatalogueView::load(std::int64_t since, Deadline deadline) {
  return read_pages(
      [&](const auto& environment, const auto& name) {
        return catalogue_.changed_since(since, environment, name, kPage, deadline);
      },
      [&](domain::CataloguedTopic topic) SLUICE_NO_THREAD_SAFETY_ANALYSIS {
        TopicRow& row = rows_[{topic.environment.str(), topic.name.str()}];
        row = std::make_shared<const domain::CataloguedTopic>(std::move(topic));
      });
}

Result<bool> CatalogueView::load_groups(std::int64_t since, Deadline deadline) {
  return read_pages(
      [&](const auto& environment, const auto& name) {
        return catalogue_.groups_changed_since(since, environment, name, kPage, deadline);
      },
      [&](domain::TopicGroups topic) SLUICE_NO_THREAD_SAFETY_ANALYSIS {
        const std::string key = key_of(topic.environment.view(), topic.name.view());
        if (topic.groups.empty()) {
          groups_.erase(key);
        } else {
          groups_[key] = std::make_shared<const std::vector<domain::GroupLag>>(std::move(topic.groups));
        }
      });
}

// Drops what the database has dropped since. True: something is gone.
bool CatalogueView::forget(const domain::CatalogueState& before, const domain::CatalogueState& now) {
  if (before.forgotten_before == now.forgotten_before) return false;
  const auto dropped = std::erase_if(rows_, [&](const auto& entry) SLUICE_NO_THREAD_SAFETY_ANALYSIS {
    const domain::CataloguedTopic& topic = *entry.second;
    const auto limit = now.forgotten_before.find(topic.environment);
    const bool forgotten = topic.gone_at && limit != now.forgotten_before.end() && *topic.gone_at < limit->second;
    if (forgotten) groups_.erase(key_of(topic.environment.view(), topic.name.view()));
    return forgotten;
  });
  return dropped > 0;
}

// The version is read before the rows: what is written in between is read once more the next time.
Status CatalogueView::refresh(Deadline deadline) {
  MutexLock refreshing(refreshing_);
  auto before = current();
  CatalogueSnapshot next;
  SLUICE_TRY(next.state, catalogue_.state(deadline));
  if (before && was_away_too_long((*before)->state, next.state)) {
    before = not_loaded();
    rows_.clear();
    groups_.clear();
  }
  const std::int64_t since = before ? (*before)->state.version : 0;
  bool topics_changed = !before;
  bool groups_changed = !before;
  if (!before || since != next.state.version) {
    SLUICE_TRY(const bool topics, load(since, deadline));
    SLUICE_TRY(const bool groups, load_groups(since, deadline));
    topics_changed = topics_changed || topics;
    groups_changed = groups_changed || groups;
  }
  if (forget(before ? (*before)->state : domain::CatalogueState{}, next.state)) topics_changed = groups_changed = true;
  next.index = topics_changed ? make_index() : (*before)->index;
  next.groups = groups_changed ? std::make_shared<const GroupsByTopic>(groups_) : (*before)->groups;
  auto snapshot = std::make_shared<const CatalogueSnapshot>(std::move(next));
  MutexLock lock(mutex_);
  current_ = std::move(snapshot);
  return {};
}

std::shared_ptr<const CatalogueIndex> CatalogueView::make_index() const {
  std::vector<TopicRow> rows;
  rows.reserve(rows_.size());
  for (const auto& [key, row] : rows_) rows.push_back(row);
  return std::make_shared<const CatalogueIndex>(std::move(rows));
}

Result<std::shared_ptr<const CatalogueSnapshot>> CatalogueView::current() const {
  MutexLock lock(mutex_);
  if (!current_) return not_loaded();
  return current_;
}

}  // namespace sluice::governance::application
