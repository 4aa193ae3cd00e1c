#include "platform/objects/s3_store.h"

#include <algorithm>

#include <fmt/format.h>

#include "platform/core/sha256.h"
#include "platform/http/wire/target.h"
#include "platform/objects/list_page.h"

namespace sluice::objects {
namespace {

Error not_found(std::string_view key) {
  return {ErrorKind::kNotFound, "objects.not-found", fmt::format("There is no object {}.", key), "", {}};
}

// S3 names its reason in <Code>; the rest of its answer is not for our logs.
std::string reason_of(const http::ClientResponse& response) {
  const auto begin = response.body.find("<Code>");
  const auto end = response.body.find("</Code>");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return "";
  return " " + response.body.substr(begin + 6, std::min<std::size_t>(end - begin - 6, 80));
}

Error refused(const http::ClientResponse& response) {
  const auto message = fmt::format("The object store answered {}{}.", response.status, reason_of(response));
  if (response.status == 401 || response.status == 403)
    return {ErrorKind::kUnavailable, "objects.denied", message, "Check the access key, its rights and the bucket.", {}};
  return {ErrorKind::kUnavailable, "objects.refused", message, "Check the endpoint, the region and the bucket.", {}};
}

}  // namespace

S3Store::S3Store(S3Options options, http::Client& client) : options_(std::move(options)), client_(client) {}

std::string S3Store::address_of(std::string_view key) const {
  return http::wire::percent_encode(options_.prefix, "/") + http::wire::percent_encode(key, "/");
}

Result<http::ClientResponse> S3Store::call(http::Method method, std::string_view path_and_query, std::string body,
                                           std::string_view content_type, Deadline deadline) {
  http::ClientRequest request;
  request.method = method;
  request.url = fmt::format("{}/{}{}", options_.endpoint, options_.bucket, path_and_query);
  request.headers.set("x-amz-content-sha256", sha256_hex(body));
  if (!content_type.empty()) request.headers.set("content-type", content_type);
  request.body = std::move(body);
  request.sign = http::SigV4{options_.access_key, options_.secret_key, options_.region, "s3"};
  return client_.send(request, deadline);
}

Status S3Store::put(std::string_view key, std::string_view bytes, std::string_view content_type, Deadline deadline) {
  SLUICE_CHECK(check_key(key));
  const auto type = content_type.empty() ? std::string_view{"application/octet-stream"} : content_type;
  SLUICE_TRY(const auto response, call(http::Method::kPut, "/" + address_of(key), std::string(bytes), type, deadline));
  if (response.status != 200) return refused(response);
  return {};
}

Result<std::string> S3Store::get(std::string_view key, Deadline deadline) {
  SLUICE_CHECK(check_key(key));
  SLUICE_TRY(auto response, call(http::Method::kGet, "/" + address_of(key), "", "", deadline));
  if (response.status == 404 && reason_of(response) != " NoSuchBucket") return not_found(key);
  if (response.status != 200) return refused(response);
  return std::move(response.body);
}

Result<bool> S3Store::exists(std::string_view key, Deadline deadline) {
  SLUICE_CHECK(check_key(key));
  SLUICE_TRY(const auto response, call(http::Method::kHead, "/" + address_of(key), "", "", deadline));
  if (response.status != 200 && response.status != 404) return refused(response);
  return response.status == 200;
}

Result<std::vector<ObjectInfo>> S3Store::list(std::string_view prefix, std::string_view after, std::size_t limit,
                                              Deadline deadline) {
  // The query in the order of its names: that is how it is signed.
  std::string query = fmt::format("?list-type=2&max-keys={}", std::min(limit, kMaxListed));
  query += "&prefix=" + http::wire::percent_encode(options_.prefix + std::string(prefix));
  if (!after.empty()) query += "&start-after=" + http::wire::percent_encode(options_.prefix + std::string(after));
  SLUICE_TRY(const auto response, call(http::Method::kGet, query, "", "", deadline));
  if (response.status != 200) return refused(response);
  SLUICE_TRY(auto objects, parse_list_page(response.body));
  for (ObjectInfo& object : objects) {
    if (!object.key.starts_with(options_.prefix))
      return Error{ErrorKind::kUnavailable, "objects.answer", "The object store listed keys that were not asked for.", "", {}};
    object.key.erase(0, options_.prefix.size());
  }
  return objects;
}

Status S3Store::remove(std::string_view key, Deadline deadline) {
  SLUICE_CHECK(check_key(key));
  SLUICE_TRY(const auto response, call(http::Method::kDelete, "/" + address_of(key), "", "", deadline));
  if (response.status != 204 && response.status != 200 && response.status != 404) return refused(response);
  return {};
}

}  // namespace sluice::objects
