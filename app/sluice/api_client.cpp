#include "sluice/api_client.h"

#include <fmt/format.h>

#include "platform/core/clock.h"
#include "platform/core/id_source.h"
#include "platform/text/json.h"

namespace sluice::cli {
namespace {

constexpr std::size_t kAnswerLimit = 64 * 1024 * 1024;  // a plan of 1,000 items with every diff fits

http::ClientOptions client_options() {
  http::ClientOptions options;
  options.response_limit = kAnswerLimit;
  return options;
}

Error missing(const char* variable, const char* example) {
  return {ErrorKind::kInvalid, "cli.environment", fmt::format("{} is not set.", variable),
          fmt::format("export {}={}", variable, example), {}};
}

std::string member(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

Problem problem_of(const Json& json) {
  return {member(json, "field"), member(json, "rule"), member(json, "message"), member(json, "fix"),
          number(json, "line"), number(json, "column")};
}

// The server's problem document as an Error of ours; what is not one becomes a plain message.
Error error_of(const http::ClientResponse& response) {
  const auto document = text::parse_json(response.body, {.bytes = kAnswerLimit});
  const Json json = document ? text::to_json(*document) : Json();
  if (!json.is_object()) {
    return {ErrorKind::kInternal, fmt::format("http.{}", response.status),
            fmt::format("The server answered {}.", response.status), "Is SLUICE_URL a Sluice server?", {}};
  }
  Error error{ErrorKind::kInvalid, member(json, "code"), member(json, "detail"), member(json, "fix"), {}};
  if (const auto problems = json.find("problems"); problems != json.end() && problems->is_array()) {
    for (const Json& problem : *problems) error.problems.push_back(problem_of(problem));
  }
  return error;
}

}  // namespace

ApiClient::ApiClient(std::string url, std::string token, std::chrono::milliseconds timeout,
                     std::shared_ptr<void> server)
    : server_(std::move(server)),
      url_(std::move(url)),
      token_(std::move(token)),
      timeout_(timeout),
      client_(std::make_shared<http::Client>(client_options())) {}

Result<ApiClient> ApiClient::from_environment(const Io& io, std::chrono::milliseconds timeout) {
  auto url = io.environment("SLUICE_URL");
  if (!url || url->empty()) return missing("SLUICE_URL", "http://127.0.0.1:8080");
  return with(io, std::move(*url), timeout, nullptr);
}

Result<ApiClient> ApiClient::with(const Io& io, std::string url, std::chrono::milliseconds timeout,
                                  std::shared_ptr<void> server) {
  auto token = io.environment("SLUICE_TOKEN");
  if (!token || token->empty()) return missing("SLUICE_TOKEN", "<a token from `sluice token issue`>");
  while (url.ends_with('/')) url.pop_back();
  return ApiClient(std::move(url), std::move(*token), timeout, std::move(server));
}

Result<Json> ApiClient::call(http::Method method, std::string_view path, std::string body,
                             std::string_view content_type, const http::Headers& more) const {
  const SystemClock clock;
  http::ClientRequest request{.method = method, .url = url_ + std::string(path), .headers = {},
                              .body = std::move(body), .sign = {}};
  request.headers.set("authorization", "Bearer " + token_);
  request.headers.set("x-request-id", UuidV7Source(clock).next_uuid());
  if (!content_type.empty()) request.headers.set("content-type", content_type);
  for (const auto& [name, value] : more.all()) request.headers.set(name, value);
  SLUICE_TRY(const http::ClientResponse response, client_->send(request, Deadline::after(timeout_)));
  if (response.status < 200 || response.status > 299) return error_of(response);
  if (response.status == 204) return Json();
  SLUICE_TRY(const text::Node document, text::parse_json(response.body, {.bytes = kAnswerLimit}));
  return text::to_json(document);
}

}  // namespace sluice::cli
