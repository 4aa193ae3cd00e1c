#include "platform/auth/grants.h"

namespace sluice::auth {
namespace {

using text::Node;

Error wrong(std::string message) {
  return {ErrorKind::kInvalid, "auth.grants", std::move(message), "", {}};
}

bool is_text(const Node& node) {
  return node.kind == Node::Kind::kString && !node.spelling.empty();
}

bool is_known_member(std::string_view key) {
  return key == "role" || key == "environment" || key == "env" || key == "names";
}

Status read_names(const Node* node, std::vector<std::string>& names) {
  if (node == nullptr) {
    names.emplace_back("*");
    return {};
  }
  if (is_text(*node)) {
    names.push_back(node->spelling);
    return {};
  }
  if (node->kind != Node::Kind::kList)
    return wrong("names of a grant is neither a string nor a list");
  for (const Node& item : node->items) {
    if (!is_text(item)) return wrong("names of a grant holds something else than strings");
    names.push_back(item.spelling);
  }
  return {};
}

Result<std::string> read_environment(const Node& entry) {
  const Node* environment = entry.find("environment");
  const Node* short_form = entry.find("env");
  if (environment != nullptr && short_form != nullptr)
    return wrong("a grant has both environment and env");
  const Node* node = environment != nullptr ? environment : short_form;
  if (node == nullptr) return std::string("*");
  if (!is_text(*node)) return wrong("environment of a grant is not a string");
  return node->spelling;
}

Status read_grant(const Node& entry, std::vector<Grant>& grants) {
  if (entry.kind != Node::Kind::kMap) return wrong("grants holds something else than objects");
  for (const auto& member : entry.entries) {
    if (!is_known_member(member.key)) return wrong("a grant has a member that is not known");
  }
  const Node* role_name = entry.find("role");
  if (role_name == nullptr || !is_text(*role_name)) return wrong("role of a grant is not a string");
  SLUICE_TRY(const std::string environment, read_environment(entry));
  std::vector<std::string> names;
  SLUICE_CHECK(read_names(entry.find("names"), names));
  const auto role = parse_role(role_name->spelling);
  if (!role) return {};
  for (auto& name : names) grants.push_back({*role, environment, std::move(name)});
  return {};
}

}  // namespace

Result<std::vector<Grant>> read_grants(const Node& list) {
  if (list.kind != Node::Kind::kList) return wrong("grants is not a list");
  std::vector<Grant> grants;
  for (const Node& entry : list.items) {
    SLUICE_CHECK(read_grant(entry, grants));
    if (grants.size() > kMaxGrants) return wrong("there are more than 100 grants");
  }
  return grants;
}

Json grants_to_json(std::span<const Grant> grants) {
  Json list = Json::array();
  for (const Grant& grant : grants) {
    list.push_back({{"role", to_string(grant.role)},
                    {"environment", grant.environment},
                    {"names", Json::array({grant.name_pattern})}});
  }
  return list;
}

std::string write_grants(std::span<const Grant> grants) { return grants_to_json(grants).dump(); }

}  // namespace sluice::auth
