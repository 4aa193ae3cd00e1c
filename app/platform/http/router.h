// The table of routes: which handler answers a method and path. Built at start, then read only, by
// any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "platform/core/result.h"
#include "platform/http/message.h"

namespace sluice::http {

class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void add(Route route);
  void add(std::vector<Route> routes);
  [[nodiscard]] const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }

  // What is wrong with the table: a route without access, handler or operation id, a streamed body
  // with a dispatch that can't wait for it, a bad pattern, two routes for one method and path. The error names every one of them.
  [[nodiscard]] Status check() const;

  enum class Outcome : std::uint8_t { kFound, kNoPath, kNoMethod };
  struct Match {
    Outcome outcome = Outcome::kNoPath;
    const Route* route = nullptr;  // kFound
    Parameters path_values;        // kFound; decoded
    std::string_view allow;        // kFound, kNoMethod: "GET, HEAD, OPTIONS"; lives as long as the router
  };
  // `raw_path` still has its %-escapes, which must be valid: an escaped slash is part of a segment.
  // HEAD finds the route of GET. OPTIONS on a known path is kNoMethod unless a route declares it.
  [[nodiscard]] Match find(Method method, std::string_view raw_path) const;

 private:
  struct Resource;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  void index(Route& route);
  [[nodiscard]] const Resource* find_resource(std::string_view raw_path, std::vector<std::string>& segments) const;

  std::vector<std::unique_ptr<Route>> routes_;
  std::unordered_map<std::string, Resource*, Hash, std::equal_to<>> literal_;
  std::vector<Resource*> templates_;  // the more literal first
  std::vector<std::unique_ptr<Resource>> resources_;
};

}  // namespace sluice::http
