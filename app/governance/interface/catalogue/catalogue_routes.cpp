#include "governance/interface/catalogue/catalogue_routes.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "governance/application/catalogue/estate.h"
#include "governance/interface/catalogue/batch_yaml.h"
#include "governance/interface/catalogue/catalogue_json.h"
#include "governance/interface/query.h"
#include "platform/core/text.h"

namespace sluice::governance::interface {
namespace {

using application::CatalogueQuery;
using application::CatalogueSnapshot;
using auth::Role;
using domain::TopicName;

constexpr int kUsualPage = 100;
constexpr int kMostPage = 1000;
// Less than three bytes would be looked for in every topic, one after the other.
constexpr std::size_t kLeastText = 3;
constexpr std::size_t kMostText = 300;

Error not_allowed(Role role, const domain::EnvironmentName& environment) {
  return {ErrorKind::kForbidden, "auth.forbidden",
          fmt::format("The environment '{}' as a whole needs the role {}.", environment.str(), auth::to_string(role)),
          "Ask an admin for a grant that covers this environment.", {}};
}

// "prod/prod.orders": where a page ended.
Status read_after(const http::Request& request, CatalogueQuery& query) {
  const std::string after = text_of(request, "after");
  if (after.empty()) return {};
  const auto slash = after.find('/');
  if (slash == std::string::npos) {
    return wrong_query("after", "after must be the `next` of the page before.", "Leave it out for the first page.");
  }
  query.after_environment = after.substr(0, slash);
  query.after_name = after.substr(slash + 1);
  return {};
}

Status read_subject(const http::Request& request, CatalogueQuery& query) {
  const std::string subject = text_of(request, "subject");
  if (subject.empty()) return {};
  const auto topic = domain::topic_of_subject(subject);
  if (!topic) {
    return wrong_query("subject", "subject must end in -value or -key (TopicNameStrategy).",
                       "Ask by owner, tag or q for other subjects.");
  }
  query.name = topic->str();
  return {};
}

Result<CatalogueQuery> query_of(const http::Request& request) {
  SLUICE_CHECK(known_only(request, {"env", "owner", "tag", "subject", "q", "gone", "after", "limit"}));
  CatalogueQuery query;
  query.environment = text_of(request, "env");
  query.owner = text_of(request, "owner");
  query.tag = text_of(request, "tag");
  query.text = text_of(request, "q");
  const bool asked = request.query_value("q").has_value();
  if (asked && (query.text.size() < kLeastText || query.text.size() > kMostText)) {
    return wrong_query("q", "q must have 3 to 300 bytes.", "Look for more of the name, or leave q out.");
  }
  SLUICE_CHECK(read_subject(request, query));
  SLUICE_CHECK(read_after(request, query));
  SLUICE_TRY(query.gone, flag_of(request, "gone"));
  SLUICE_TRY(const int limit, limit_of(request, kUsualPage, kMostPage));
  query.limit = static_cast<std::size_t>(limit);
  query.visible = [principal = request.principal](const domain::CataloguedTopic& topic) {
    return principal->may(Role::kViewer, topic.environment.view(), topic.name.view());
  };
  return query;
}

class CatalogueApi {
 public:
  explicit CatalogueApi(const CatalogueRoutesServices& services) : services_(services) {}

  Result<http::Response> list(const http::Request& request) {
    SLUICE_TRY(const CatalogueQuery query, query_of(request));
    SLUICE_TRY(const auto snapshot, services_.view.current());
    const application::CataloguePage page = snapshot->index->find(query);
    // One that another server governs may be known here.
    const domain::EnvironmentName environment{query.environment};
    if (!query.environment.empty() && !snapshot->state.synced_at.contains(environment)) {
      SLUICE_CHECK(services_.environments.find(environment));
    }
    JsonWriter json;
    json.begin_object();
    json.key("topics");
    json.begin_array();
    for (const application::TopicRow& row : page.topics) {
      write_catalogued(*row, *snapshot, akhq_url_of(row->environment), json);
    }
    json.end_array();
    json.member("next", next_of(page));
    write_synced_at(*snapshot, json);
    json.end_object();
    http::Response response;
    response.body = std::move(json).take();
    return response;
  }

  Result<http::Response> sync(const http::Request& request) {
    SLUICE_TRY(const domain::EnvironmentName environment, environment_of(request));
    if (!request.principal->may(Role::kEditor, environment.view(), "*")) return not_allowed(Role::kEditor, environment);
    SLUICE_TRY(const application::SyncReport report, services_.sync.sync(environment, request.deadline));
    SLUICE_CHECK(services_.view.refresh(request.deadline));
    return http::Response::json(200, sync_to_json(report));
  }

  Result<http::Response> export_batch(const http::Request& request) {
    SLUICE_TRY(const domain::EnvironmentName name, environment_of(request));
    SLUICE_TRY(const application::GovernedEnvironment* environment, services_.environments.find(name));
    SLUICE_TRY(auto names, names_of(request, *environment));
    const bool more = names.size() > kItemsOfBatch;
    if (more) names.resize(kItemsOfBatch);
    SLUICE_TRY(const auto snapshot, services_.view.current());
    std::string yaml = batch_head(name.view(), text_of(request, "changeId"));
    std::size_t items = 0;
    SLUICE_CHECK(application::read_estate(
        *environment, names, request.deadline,
        [&](std::span<const TopicName> chunk, const domain::ClusterState& state) -> Status {
          items += add_items(chunk, state, name, *snapshot, yaml);
          return {};
        }));
    return http::Response::json(200, {{"env", name.str()},
                                      {"items", items},
                                      {"batch", items > 0 ? Json(yaml) : Json()},
                                      {"next", more ? Json(names.back().str()) : Json()}});
  }

 private:
  const std::string& akhq_url_of(const domain::EnvironmentName& name) const {
    static const std::string kNone;
    const auto environment = services_.environments.find(name);
    return environment ? (*environment)->akhq_url : kNone;
  }

  static std::optional<std::string> next_of(const application::CataloguePage& page) {
    if (!page.more || page.topics.empty()) return std::nullopt;
    const domain::CataloguedTopic& last = *page.topics.back();
    return last.environment.str() + "/" + last.name.str();
  }

  static void write_synced_at(const CatalogueSnapshot& snapshot, JsonWriter& json) {
    json.key("syncedAt");
    json.begin_object();
    for (const auto& [environment, at] : snapshot.state.synced_at) json.member(environment.view(), format_rfc3339(at));
    json.end_object();
  }

  // Those to export after the page before; internal topics are Kafka's own.
  Result<std::vector<TopicName>> names_of(const http::Request& request,
                                          const application::GovernedEnvironment& environment) const {
    const auto policies = services_.policies.current();
    SLUICE_TRY(auto names, application::list_estate(environment, policies->environments, request.deadline));
    const std::string pattern = text_of(request, "names");
    const std::string after = text_of(request, "after");
    std::erase_if(names, [&](const TopicName& name) {
      return name.view() <= after || name.view().starts_with("__") ||
             (!pattern.empty() && !matches_glob(pattern, name.view())) ||
             !request.principal->may(Role::kViewer, environment.name.view(), name.view());
    });
    return names;
  }

  static std::size_t add_items(std::span<const TopicName> names, const domain::ClusterState& state,
                               const domain::EnvironmentName& environment, const CatalogueSnapshot& snapshot,
                               std::string& yaml) {
    std::size_t items = 0;
    for (const TopicName& name : names) {
      const auto live = state.topics.find(name);
      if (live == state.topics.end()) continue;
      const auto known = snapshot.index->find(environment.view(), name.view());
      yaml += batch_item(name, live->second, known ? &known->metadata : nullptr);
      ++items;
    }
    return items;
  }

  CatalogueRoutesServices services_;
};

using Endpoint = Result<http::Response> (CatalogueApi::*)(const http::Request&);

http::Handler handler(std::shared_ptr<CatalogueApi> api, Endpoint endpoint) {
  return [api = std::move(api), endpoint](const http::Request& request, http::Responder responder) {
    auto response = ((*api).*endpoint)(request);
    responder.send(response ? std::move(*response)
                            : http::Response::problem(response.error(), request.request_id));
  };
}

}  // namespace

std::vector<http::Route> catalogue_routes(const CatalogueRoutesServices& services) {
  const auto api = std::make_shared<CatalogueApi>(services);
  std::vector<http::Route> routes;
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/v1/catalog/export",
                    .operation_id = "exportTopics",
                    .access = http::Access::at_least(Role::kViewer),
                    .content_types = {},
                    .handler = handler(api, &CatalogueApi::export_batch)});
  routes.push_back({.method = http::Method::kPost,
                    .pattern = "/v1/catalog/sync",
                    .operation_id = "syncCatalogue",
                    .access = http::Access::at_least(Role::kEditor),
                    .content_types = {},
                    .handler = handler(api, &CatalogueApi::sync)});
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/v1/catalog/topics",
                    .operation_id = "listCatalogue",
                    .access = http::Access::at_least(Role::kViewer),
                    .content_types = {},
                    .handler = handler(api, &CatalogueApi::list)});
  return routes;
}

}  // namespace sluice::governance::interface
