// The JSON value of the whole program: keeps the order in which members were added, so that what a
// user sees reads as it was written. Parsing input from outside is platform/text's business only.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>

namespace sluice {

using Json = nlohmann::ordered_json;

// An empty object with room for so many members. Without it an object that grows copies each of its
// members, whole trees: nlohmann's ordered object cannot move them.
inline Json json_object(std::size_t room) {
  Json object = Json::object();
  object.get_ref<Json::object_t&>().reserve(room);
  return object;
}

}  // namespace sluice
