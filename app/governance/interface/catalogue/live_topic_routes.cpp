#include "governance/interface/catalogue/live_topic_routes.h"

#include <memory>
#include <optional>

#include <fmt/format.h>

#include "governance/application/errors.h"
#include "governance/interface/catalogue/catalogue_json.h"
#include "governance/interface/topic_json.h"

namespace sluice::governance::interface {
namespace {

using auth::Role;
using domain::EnvironmentName;
using domain::TopicName;

Error not_allowed(std::string_view environment, const TopicName& name) {
  return {ErrorKind::kForbidden, "auth.forbidden",
          fmt::format("'{}' in environment '{}' needs the role {}.", name.view(), environment,
                      auth::to_string(Role::kViewer)),
          "Ask an admin for a grant that covers this environment and name.", {}};
}

struct Place {
  std::string name;  // of the environment; empty when the topic's name and the caller say none
  const application::GovernedEnvironment* environment = nullptr;
};

// `env` of the query, else the name's own prefix; a name without one is looked up where there is only
// one cluster to look at.
Result<Place> place_of(const LiveTopicRoutesServices& services, const http::Request& request, const TopicName& topic) {
  const auto policies = services.policies.current();
  const auto asked = request.query_value("env");
  const std::string name(asked ? *asked : domain::environment_prefix(topic.view(), policies->environments));
  if (!name.empty()) {
    SLUICE_TRY(const auto* environment, services.environments.find(EnvironmentName{name}));
    return Place{name, environment};
  }
  SLUICE_TRY(const auto* only, services.environments.only_cluster());
  return Place{"", only};
}

// What the last sync knew of it: nothing of a topic that has appeared since.
void write_catalogued(const application::CatalogueView& view, const application::GovernedEnvironment& environment,
                    const TopicName& name, JsonWriter& json) {
  static const application::CatalogueSnapshot kNothing{std::make_shared<const application::CatalogueIndex>(),
                                                       std::make_shared<const application::GroupsByTopic>(), {}};
  const auto current = view.current();
  const application::CatalogueSnapshot& snapshot = current ? **current : kNothing;
  const auto synced = snapshot.state.synced_at.find(environment.name);
  const bool known = synced != snapshot.state.synced_at.end();
  json.member("syncedAt", known ? std::optional(format_rfc3339(synced->second)) : std::nullopt);
  write_consumers(snapshot, environment.name, name, environment.akhq_url, json);
  if (const auto row = snapshot.index->find(environment.name.view(), name.view())) write_history(*row, json);
}

Result<http::Response> topic(const LiveTopicRoutesServices& services, const http::Request& request) {
  const TopicName name{std::string(request.path_value("name"))};
  SLUICE_TRY(const Place place, place_of(services, request, name));
  if (!request.principal->may(Role::kViewer, place.name, name.view())) return not_allowed(place.name, name);
  if (!domain::is_kafka_name(name.view())) return application::errors::topic_not_found(name);
  SLUICE_TRY(const auto seen, services.topics.find(*place.environment, name, request.deadline));
  if (!seen->details) return application::errors::topic_not_found(name);
  JsonWriter json;
  json.begin_object();
  write_topic(name, place.name, *seen->details, json);
  json.member("readAt", format_rfc3339(seen->read_at));
  write_catalogued(services.view, *place.environment, name, json);
  write_topic_links(place.environment->akhq_url, name, json);
  json.end_object();
  http::Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace

std::vector<http::Route> live_topic_routes(const LiveTopicRoutesServices& services) {
  std::vector<http::Route> routes;
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/v1/topics/{name}",
                    .operation_id = "getTopic",
                    .access = http::Access::at_least(Role::kViewer),
                    .content_types = {},
                    .handler = [services](const http::Request& request, http::Responder responder) {
                      auto response = topic(services, request);
                      responder.send(response ? std::move(*response)
                                              : http::Response::problem(response.error(), request.request_id));
                    }});
  return routes;
}

}  // namespace sluice::governance::interface
