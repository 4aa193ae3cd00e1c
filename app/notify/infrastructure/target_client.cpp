#include "notify/infrastructure/target_client.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::notify::infrastructure {
namespace {

using domain::SendOutcome;

constexpr std::chrono::seconds kCallDeadline{2};
constexpr std::size_t kMostAnswer = 64 * 1024;
constexpr std::size_t kMostReason = 200;
constexpr std::chrono::seconds kShortestPause{1};
constexpr std::chrono::seconds kLongestPause{std::chrono::hours{1}};

// The address that clouds hand their secrets out at is nobody's Jira.
bool is_link_local(std::string_view address) {
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  return address.starts_with("169.254.") || address.starts_with("fe8") || address.starts_with("fe9") ||
         address.starts_with("fea") || address.starts_with("feb");
}

http::ClientOptions options_for(Reach reach) {
  http::ClientOptions options;
  options.response_limit = kMostAnswer;
  options.connect_deadline = kCallDeadline;
  options.allow_address = http::is_public_address;
  if (reach == Reach::kPrivateToo) {
    options.allow_address = [](std::string_view address) { return !is_link_local(address); };
  }
  return options;
}

// Seconds; a date, or anything else, is as if nothing was said.
std::optional<std::chrono::milliseconds> pause_of(const http::ClientResponse& answer) {
  const std::string_view text = answer.headers.get("retry-after");
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure == std::errc::result_out_of_range) return kLongestPause;
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::clamp(std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, kLongestPause.count())}, kShortestPause,
                    kLongestPause);
}

std::string without(std::string text, const std::string& secret) {
  if (secret.empty()) return text;
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    text.replace(at, secret.size(), "***");
    at += 3;
  }
  return text;
}

}  // namespace

TargetClient::TargetClient(Destination destination, Reach reach, std::vector<std::string> secrets)
    : destination_(std::move(destination)), secrets_(std::move(secrets)), client_(options_for(reach)) {}

Result<http::ClientResponse> TargetClient::call(http::Method method, const std::string& path, std::string body,
                                                const http::Headers& headers) {
  http::ClientRequest request;
  request.method = method;
  request.url = destination_.origin() + path;
  request.headers = headers;
  request.headers.set("user-agent", "sluice");
  request.headers.set("accept", "application/json");
  if (!body.empty()) request.headers.set("content-type", "application/json; charset=utf-8");
  request.body = std::move(body);
  return client_.send(request, Deadline::after(kCallDeadline));
}

std::string TargetClient::reason_of(const http::ClientResponse& answer) const {
  std::string body = answer.body.substr(0, 4 * kMostReason);
  for (const std::string& secret : secrets_) body = without(std::move(body), secret);
  if (!is_valid_utf8(body)) body.clear();  // also when it was cut inside a character: it is only a hint
  body = printable(trim(body), kMostReason);
  return fmt::format("answered {}{}{}", answer.status, body.empty() ? "" : ": ", body);
}

SendOutcome TargetClient::outcome_of(const Result<http::ClientResponse>& answer) const {
  if (!answer) {
    const Error& error = answer.error();
    // The client's words name the URL, whose path may be the secret.
    const std::string reason = fmt::format("{}: {}", destination_.host_port(), error.code);
    return error.kind == ErrorKind::kForbidden ? SendOutcome::refused(reason) : SendOutcome::failed(reason);
  }
  const int status = answer->status;
  if (status >= 200 && status < 300) return SendOutcome::delivered();
  if (status >= 300 && status < 400) {
    return SendOutcome::refused(fmt::format("answered {}: redirects are not followed", status));
  }
  const bool passing = status >= 500 || status == 408 || status == 425 || status == 429;
  if (!passing) return SendOutcome::refused(reason_of(*answer));
  SendOutcome outcome = SendOutcome::failed(reason_of(*answer));
  if (status == 429 || status == 503) outcome.pause = pause_of(*answer);
  return outcome;
}

}  // namespace sluice::notify::infrastructure
