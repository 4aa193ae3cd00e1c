// The catalogue in memory, to be asked: by name, owner, tag, and any part of name, doc or owner.
// Immutable once built; thread-safe. Nothing blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "governance/domain/catalogue/catalogued_topic.h"

namespace sluice::governance::application {

using TopicRow = std::shared_ptr<const domain::CataloguedTopic>;

struct CatalogueQuery {
  // Empty: anything.
  std::string environment;
  std::string owner;
  std::string tag;
  std::string name;
  std::string text;  // part of name, doc or owner, in any case
  bool gone = false;  // also topics that are no longer there
  // Where the page before ended; both empty: from the start.
  std::string after_environment;
  std::string after_name;
  std::size_t limit = 100;
  std::function<bool(const domain::CataloguedTopic&)> visible;  // none: everything is
};

struct CataloguePage {
  std::vector<TopicRow> topics;  // by environment and name
  bool more = false;
};

class CatalogueIndex {
 public:
  CatalogueIndex() = default;
  explicit CatalogueIndex(std::vector<TopicRow> rows);

  [[nodiscard]] CataloguePage find(const CatalogueQuery& query) const;
  // Null: not known.
  [[nodiscard]] TopicRow find(std::string_view environment, std::string_view name) const;
  [[nodiscard]] const std::vector<TopicRow>& rows() const { return rows_; }  // by environment and name

 private:
  using Places = std::vector<std::uint32_t>;  // ascending, in rows_

  void add(std::uint32_t place);
  [[nodiscard]] const Places* narrowest(const CatalogueQuery& query) const;
  [[nodiscard]] std::optional<const Places*> places_of_text(const std::string& text) const;
  [[nodiscard]] bool matches(std::uint32_t place, const CatalogueQuery& query, const std::string& text) const;
  [[nodiscard]] std::size_t first_after(const CatalogueQuery& query) const;

  std::vector<TopicRow> rows_;
  std::vector<std::string> texts_;  // what a text is looked for in, in lower case
  std::unordered_map<std::string, Places> by_owner_;
  std::unordered_map<std::string, Places> by_tag_;
  std::unordered_map<std::string, Places> by_name_;
  // Every three bytes in a row of the texts: a text of three or more is looked for only where its
  // rarest three are.
  std::unordered_map<std::uint32_t, Places> by_trigram_;
};

}  // namespace sluice::governance::application
