#include "governance/application/catalogue/catalogue_index.h"

#include <algorithm>
#include <tuple>

#include "platform/core/text.h"

namespace sluice::governance::application {
namespace {

using domain::CataloguedTopic;

constexpr std::size_t kTrigram = 3;

auto key_of(const CataloguedTopic& topic) { return std::pair(topic.environment.view(), topic.name.view()); }

std::uint32_t trigram_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i])); };
  return byte(0) << 16U | byte(1) << 8U | byte(2);
}

std::string searched_text(const CataloguedTopic& topic) {
  std::string text = topic.name.str();
  for (const auto& part : {topic.metadata.doc, topic.metadata.owner}) {
    if (part) text += '\n' + *part;
  }
  return to_lower(text);
}

const std::vector<std::uint32_t> kNowhere;

template <typename Map, typename Key>
const std::vector<std::uint32_t>* places_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? &kNowhere : &found->second;
}

}  // namespace

CatalogueIndex::CatalogueIndex(std::vector<TopicRow> rows) : rows_(std::move(rows)) {
  std::sort(rows_.begin(), rows_.end(), [](const TopicRow& a, const TopicRow& b) { return key_of(*a) < key_of(*b); });
  texts_.reserve(rows_.size());
  for (std::uint32_t place = 0; place < rows_.size(); ++place) add(place);
}

void CatalogueIndex::add(std::uint32_t place) {
  const CataloguedTopic& topic = *rows_[place];
  by_name_[topic.name.str()].push_back(place);
  if (topic.metadata.owner) by_owner_[*topic.metadata.owner].push_back(place);
  for (const std::string& tag : topic.metadata.tags) {
    Places& places = by_tag_[tag];
    if (places.empty() || places.back() != place) places.push_back(place);
  }
  texts_.push_back(searched_text(topic));
  const std::string& text = texts_.back();
  for (std::size_t at = 0; at + kTrigram <= text.size(); ++at) {
    Places& places = by_trigram_[trigram_at(text, at)];
    if (places.empty() || places.back() != place) places.push_back(place);
  }
}

// Nothing: too short to know where it might be.
std::optional<const CatalogueIndex::Places*> CatalogueIndex::places_of_text(const std::string& text) const {
  if (text.size() < kTrigram) return std::nullopt;
  const Places* rarest = nullptr;
  for (std::size_t at = 0; at + kTrigram <= text.size(); ++at) {
    const Places* places = places_in(by_trigram_, trigram_at(text, at));
    if (!rarest || places->size() < rarest->size()) rarest = places;
  }
  return rarest;
}

// Where to look; null: everywhere.
const CatalogueIndex::Places* CatalogueIndex::narrowest(const CatalogueQuery& query) const {
  const Places* best = nullptr;
  const auto consider = [&](const Places* places) {
    if (!best || places->size() < best->size()) best = places;
  };
  if (!query.name.empty()) consider(places_in(by_name_, query.name));
  if (!query.owner.empty()) consider(places_in(by_owner_, query.owner));
  if (!query.tag.empty()) consider(places_in(by_tag_, query.tag));
  if (const auto places = places_of_text(to_lower(query.text))) consider(*places);
  return best;
}

bool CatalogueIndex::matches(std::uint32_t place, const CatalogueQuery& query, const std::string& text) const {
  const CataloguedTopic& topic = *rows_[place];
  const auto& tags = topic.metadata.tags;
  return (query.gone || !topic.gone_at) &&
         (query.environment.empty() || topic.environment.view() == query.environment) &&
         (query.name.empty() || topic.name.view() == query.name) &&
         (query.owner.empty() || topic.metadata.owner == query.owner) &&
         (query.tag.empty() || std::find(tags.begin(), tags.end(), query.tag) != tags.end()) &&
         (text.empty() || texts_[place].find(text) != std::string::npos) &&
         (!query.visible || query.visible(topic));
}

std::size_t CatalogueIndex::first_after(const CatalogueQuery& query) const {
  // An environment's rows are together: asking for one starts there.
  const bool from_start = query.after_environment.empty() && query.after_name.empty();
  const std::pair<std::string_view, std::string_view> last =
      from_start ? std::pair<std::string_view, std::string_view>(query.environment, "")
                 : std::pair<std::string_view, std::string_view>(query.after_environment, query.after_name);
  const auto place = std::upper_bound(rows_.begin(), rows_.end(), last,
                                      [](const auto& key, const TopicRow& row) { return key < key_of(*row); });
  return static_cast<std::size_t>(place - rows_.begin());
}

CataloguePage CatalogueIndex::find(const CatalogueQuery& query) const {
  CataloguePage page;
  const std::string text = to_lower(query.text);
  // True: the page is complete.
  const auto take = [&](std::uint32_t place) {
    if (!matches(place, query, text)) return false;
    page.more = page.topics.size() == query.limit;
    if (!page.more) page.topics.push_back(rows_[place]);
    return page.more;
  };
  const auto first = static_cast<std::uint32_t>(first_after(query));
  if (const Places* places = narrowest(query)) {
    std::any_of(std::lower_bound(places->begin(), places->end(), first), places->end(), take);
  } else {
    for (std::uint32_t place = first; place < rows_.size() && !take(place); ++place) {
      const bool past = !query.environment.empty() && rows_[place]->environment.view() > query.environment;
      if (past) break;
    }
  }
  return page;
}

TopicRow CatalogueIndex::find(std::string_view environment, std::string_view name) const {
  const std::pair wanted(environment, name);
  const auto place = std::lower_bound(rows_.begin(), rows_.end(), wanted,
                                      [](const TopicRow& row, const auto& key) { return key_of(*row) < key; });
  return place != rows_.end() && key_of(**place) == wanted ? *place : nullptr;
}

}  // namespace sluice::governance::application
