// What people ask for: a batch of topics with the fields they name. A field that is not named is
// left alone; a topic that is not named is untouched.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "governance/domain/topic/names.h"

namespace sluice::governance::domain {

enum class ItemAction : std::uint8_t { kUpsert, kCreate, kUpdate, kDelete };
std::string_view to_string(ItemAction action);

struct TopicMetadata {
  std::optional<std::string> owner;
  std::optional<std::string> sla;
  std::optional<std::string> doc;
  std::vector<std::string> tags;

  bool operator==(const TopicMetadata&) const = default;
};

// Where the item stands in its text, 1-based; 0 where there is no text.
struct SourcePlace {
  int line = 0;
  int column = 0;
};

struct TopicItem {
  TopicName name;
  ItemAction action = ItemAction::kUpsert;
  std::optional<std::int32_t> partitions;
  std::optional<std::int32_t> replication_factor;
  // As written; no value (null in the document) asks to remove the topic's own setting.
  std::map<std::string, std::optional<std::string>, std::less<>> configs;
  TopicMetadata metadata;
  std::string reason;
  std::string issue;  // Jira's key of what the change is about; empty: the item names none
  SourcePlace place;
};

struct TopicBatch {
  EnvironmentName env;
  ChangeId change_id;
  std::vector<TopicItem> items;  // names are unique; all that name an issue name the same
};

// Of the change; empty when no item names one.
std::string issue_of(const TopicBatch& batch);

}  // namespace sluice::governance::domain
