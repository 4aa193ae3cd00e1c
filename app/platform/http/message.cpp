#include "platform/http/message.h"

#include <algorithm>

#include "platform/http/channel.h"
#include "platform/http/wire/head.h"

namespace sluice::http {
namespace {

const std::string* find_value(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return &value;
  return nullptr;
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::kGet: return "GET";
    case Method::kHead: return "HEAD";
    case Method::kPost: return "POST";
    case Method::kPut: return "PUT";
    case Method::kPatch: return "PATCH";
    case Method::kDelete: return "DELETE";
    case Method::kOptions: return "OPTIONS";
  }
  return "";
}

void Headers::set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [&](const auto& field) { return wire::equals_ignoring_case(field.first, name); });
  add(name, value);
}

void Headers::add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }

std::string_view Headers::get(std::string_view name) const {
  for (const auto& [key, value] : fields_)
    if (wire::equals_ignoring_case(key, name)) return value;
  return {};
}

std::string_view Request::path_value(std::string_view name) const {
  const std::string* value = find_value(path_values, name);
  return value == nullptr ? std::string_view{} : std::string_view{*value};
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  const std::string* value = find_value(query, name);
  if (value == nullptr) return std::nullopt;
  return std::string_view{*value};
}

Response Response::json(int status, const Json& body) {
  Response response;
  response.status = status;
  // A value may hold bytes of a user's that are no UTF-8: they must not stop the answer.
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

Response Response::text(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

Responder::~Responder() {
  if (channel_) channel_->abandon();
}

void Responder::send(Response response) {
  if (const auto channel = std::exchange(channel_, nullptr)) channel->complete(std::move(response));
}

std::unique_ptr<Responder::Stream> Responder::stream(Response head) {
  SLUICE_ASSERT(channel_ != nullptr);
  return std::exchange(channel_, nullptr)->open_stream(std::move(head));
}

}  // namespace sluice::http
