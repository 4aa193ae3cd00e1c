#include "governance/interface/report/members.h"

namespace sluice::governance::interface {
namespace {

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::optional<std::int64_t> number_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  return value != nullptr && value->is_number_integer() ? std::optional(value->get<std::int64_t>()) : std::nullopt;
}

const Json& list_of(const Json& object, std::string_view name) {
  static const Json kEmpty = Json::array();
  const Json* value = member(object, name);
  return value != nullptr && value->is_array() ? *value : kEmpty;
}

}  // namespace sluice::governance::interface
