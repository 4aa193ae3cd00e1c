#include "platform/http/router.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/http/wire/target.h"

namespace sluice::http {
namespace {

constexpr std::size_t kMethods = 7;

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::vector<std::string> segments_of(std::string_view path) { return split(path.substr(1), '/'); }

bool is_sound_pattern(std::string_view pattern) {
  if (!pattern.starts_with('/')) return false;
  const auto segments = segments_of(pattern);
  return std::all_of(segments.begin(), segments.end(), [&](const std::string& segment) {
    const bool braces = segment.find_first_of("{}") != std::string::npos;
    return pattern == "/" || (!segment.empty() && (!braces || is_parameter(segment)));
  });
}

}  // namespace

// All routes of one pattern.
struct Router::Resource {
  std::string pattern;
  std::vector<std::string> segments;
  std::array<const Route*, kMethods> routes{};
  std::string allow;

  [[nodiscard]] const Route* route(Method method) const {
    const Route* found = routes[static_cast<std::size_t>(method)];
    return found == nullptr && method == Method::kHead ? routes[static_cast<std::size_t>(Method::kGet)] : found;
  }
  void update_allow() {
    std::vector<std::string> names;
    for (const Method method : {Method::kGet, Method::kHead, Method::kPost, Method::kPut, Method::kPatch,
                                Method::kDelete})
      if (route(method) != nullptr) names.emplace_back(to_string(method));
    names.emplace_back("OPTIONS");
    allow = join(names, ", ");
  }
  // The more literal segments come early, the earlier the resource is tried.
  [[nodiscard]] bool before(const Resource& other) const {
    for (std::size_t i = 0; i < std::min(segments.size(), other.segments.size()); ++i)
      if (is_parameter(segments[i]) != is_parameter(other.segments[i])) return !is_parameter(segments[i]);
    return false;
  }
  // `decoded` holds the path's segments.
  [[nodiscard]] bool matches(const std::vector<std::string>& decoded) const {
    return segments.size() == decoded.size() &&
           std::equal(segments.begin(), segments.end(), decoded.begin(),
                      [](const std::string& mine, const std::string& theirs) {
                        return is_parameter(mine) ? !theirs.empty() : mine == theirs;
                      });
  }
};

Router::Router() = default;
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Route route) {
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  if (is_sound_pattern(routes_.back()->pattern)) index(*routes_.back());
}

void Router::add(std::vector<Route> routes) {
  for (Route& route : routes) add(std::move(route));
}

void Router::index(Route& route) {
  auto found = std::find_if(resources_.begin(), resources_.end(),
                            [&](const auto& resource) { return resource->pattern == route.pattern; });
  if (found == resources_.end()) {
    auto resource = std::make_unique<Resource>();
    resource->pattern = route.pattern;
    resource->segments = segments_of(route.pattern);
    if (route.pattern.find('{') == std::string::npos) {
      literal_.emplace(route.pattern, resource.get());
    } else {
      const auto before = [](const Resource* left, const Resource* right) { return left->before(*right); };
      templates_.insert(std::upper_bound(templates_.begin(), templates_.end(), resource.get(), before),
                        resource.get());
    }
    found = resources_.insert(resources_.end(), std::move(resource));
  }
  const Route*& slot = (*found)->routes[static_cast<std::size_t>(route.method)];
  if (slot == nullptr) slot = &route;
  (*found)->update_allow();
}

Status Router::check() const {
  Error error{ErrorKind::kInternal, "http.routes", "The routing table is not sound.", "", {}};
  for (const auto& route : routes_) {
    const auto name = fmt::format("{} {}", to_string(route->method), route->pattern);
    const auto complain = [&](std::string_view rule, std::string_view message, std::string_view fix) {
      error.message += fmt::format(" {}: {}.", name, message);
      error.problems.push_back({name, std::string(rule), std::string(message), std::string(fix)});
    };
    if (!route->access) complain("access", "it does not say who may call it", "set Route::access");
    if (!route->handler) complain("handler", "it has no handler", "set Route::handler");
    if (route->operation_id.empty()) complain("operation-id", "it has no operation id", "set Route::operation_id");
    const bool deferred = route->dispatch == Dispatch::kDeferred || route->dispatch == Dispatch::kStream;
    if (route->body == BodyMode::kStreamed && !deferred)
      complain("body", "it streams its body but does not answer later", "make it kDeferred or kStream");
    if (!is_sound_pattern(route->pattern)) {
      complain("pattern", "its pattern is not /literal/{parameter}", "mend Route::pattern");
      continue;
    }
    const auto same = [&](const auto& other) {
      return other->method == route->method && other->pattern == route->pattern;
    };
    if (std::find_if(routes_.begin(), routes_.end(), same)->get() != route.get())
      complain("twice", "another route has the same method and pattern", "remove one");
  }
  if (!error.problems.empty()) return error;
  return {};
}

// Fills `segments` (decoded) when the resource has parameters or the path has escapes.
const Router::Resource* Router::find_resource(std::string_view raw_path,
                                              std::vector<std::string>& segments) const {
  if (const auto found = literal_.find(raw_path); found != literal_.end()) return found->second;
  if (!raw_path.starts_with('/')) return nullptr;
  segments = segments_of(raw_path);
  for (std::string& segment : segments) segment = wire::percent_decode(segment).value_or("");
  if (raw_path.find('%') != std::string_view::npos)
    for (const auto& [pattern, resource] : literal_)
      if (resource->segments == segments) return resource;
  for (const Resource* resource : templates_)
    if (resource->matches(segments)) return resource;
  return nullptr;
}

Router::Match Router::find(Method method, std::string_view raw_path) const {
  std::vector<std::string> segments;
  const Resource* resource = find_resource(raw_path, segments);
  if (resource == nullptr) return {};
  Match match{Outcome::kFound, resource->route(method), {}, resource->allow};
  if (match.route == nullptr) {
    match.outcome = Outcome::kNoMethod;
    return match;
  }
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string& name = resource->segments[i];
    if (is_parameter(name)) match.path_values.emplace_back(name.substr(1, name.size() - 2), std::move(segments[i]));
  }
  return match;
}

}  // namespace sluice::http
