// How a CLI command talks to a server: SLUICE_URL and SLUICE_TOKEN, a fresh request id each call.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "platform/core/json.h"
#include "platform/core/result.h"
#include "platform/http/client.h"
#include "sluice/command.h"

namespace sluice::cli {

class ApiClient {
 public:
  // Errors name the variable that is missing.
  static Result<ApiClient> from_environment(const Io& io, std::chrono::milliseconds timeout);
  // Another server than SLUICE_URL's; keeps `server`, what answers there, alive.
  static Result<ApiClient> with(const Io& io, std::string url, std::chrono::milliseconds timeout,
                                std::shared_ptr<void> server);

  // The answer's JSON when the status is 2xx (null for 204); otherwise an Error made from the problem document.
  Result<Json> call(http::Method method, std::string_view path, std::string body = "",
                    std::string_view content_type = "", const http::Headers& more = {}) const;

 private:
  ApiClient(std::string url, std::string token, std::chrono::milliseconds timeout, std::shared_ptr<void> server);

  std::shared_ptr<void> server_;  // first: the client goes before it
  std::string url_;
  std::string token_;
  std::chrono::milliseconds timeout_;
  std::shared_ptr<http::Client> client_;
};

}  // namespace sluice::cli
