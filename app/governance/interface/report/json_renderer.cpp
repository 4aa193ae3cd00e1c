#include <algorithm>

#include "governance/interface/report/render.h"

namespace sluice::governance::interface {
namespace {

bool is_list_of_named(const Json& list) {
  return list.is_array() && std::all_of(list.begin(), list.end(), [](const Json& element) {
           return element.is_object() && element.contains("name") && element["name"].is_string();
         });
}

void sort_by_name(Json& list) {
  std::vector<std::pair<std::string, Json>> keyed;
  keyed.reserve(list.size());
  for (Json& element : list) {
    std::string key = element["name"].get<std::string>() + '\0' + element.dump();
    keyed.emplace_back(std::move(key), std::move(element));
  }
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::transform(keyed.begin(), keyed.end(), list.begin(), [](auto& pair) { return std::move(pair.second); });
}

}  // namespace

std::string as_json(Json document) {
  if (document.is_object()) {
    for (auto& [name, member] : document.items()) {
      if (is_list_of_named(member)) sort_by_name(member);
    }
  }
  return document.dump(2) + "\n";
}

}  // namespace sluice::governance::interface
