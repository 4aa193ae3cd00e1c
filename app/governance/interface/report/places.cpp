#include "governance/interface/report/places.h"

#include <map>

#include "platform/text/json.h"
#include "platform/text/yaml.h"

namespace sluice::governance::interface {
namespace {

using text::Node;

struct ItemPlaces {
  text::Mark name;
  std::map<std::string, text::Mark, std::less<>> fields;
};

void add_fields(const Node* map, ItemPlaces& places) {
  if (map == nullptr) return;
  for (const Node::Entry& entry : map->entries) places.fields.emplace(entry.key, entry.mark);
}

std::map<std::string, ItemPlaces, std::less<>> places_in(const Node& batch) {
  std::map<std::string, ItemPlaces, std::less<>> places;
  const Node* items = batch.find("items");
  if (items == nullptr) return places;
  for (const Node& item : items->items) {
    const Node* name = item.find("name");
    if (name == nullptr) continue;
    ItemPlaces found{name->mark, {}};
    add_fields(item.find("config"), found);
    add_fields(item.find("metadata"), found);
    add_fields(&item, found);
    found.fields.insert_or_assign("name", name->mark);
    places.emplace(name->spelling, std::move(found));
  }
  return places;
}

Result<Node> parse(const std::string& file, std::string_view text) {
  return file.ends_with(".json") ? text::parse_json(text) : text::parse_yaml(text);
}

// By the name that a rule has in violations: its id, else its kind, of which the first counts.
std::map<std::string, text::Mark, std::less<>> rules_in(const Node& document) {
  std::map<std::string, text::Mark, std::less<>> places;
  const Node* rules = document.find("rules");
  if (rules == nullptr) return places;
  for (const Node& rule : rules->items) {
    const Node* id = rule.find("id");
    const Node* name = id != nullptr ? id : rule.find("rule");
    if (name != nullptr) places.emplace(name->spelling, name->mark);
  }
  return places;
}

}  // namespace

void add_rule_places(Report& report, std::string file, std::string_view text) {
  const auto document = parse(file, text);
  report.file = std::move(file);
  if (!document || document->kind != Node::Kind::kMap) return;
  const auto places = rules_in(*document);
  for (ReportFinding& finding : report.findings) {
    const auto rule = places.find(finding.rule);
    if (rule != places.end()) finding.place = {rule->second.line, rule->second.column};
  }
}

void add_places(Report& report, std::string file, std::string_view text) {
  const auto document = parse(file, text);
  report.file = std::move(file);
  if (!document || document->kind != Node::Kind::kMap) return;
  const auto places = places_in(*document);
  for (ReportFinding& finding : report.findings) {
    const auto item = places.find(finding.name);
    if (item == places.end()) continue;
    const auto field = item->second.fields.find(finding.field);
    const text::Mark mark = field == item->second.fields.end() ? item->second.name : field->second;
    finding.place = {mark.line, mark.column};
  }
}

}  // namespace sluice::governance::interface
