#include "platform/sentry/dsn.h"

#include <algorithm>

namespace sluice::sentry {
namespace {

Error wrong_dsn() {
  return {ErrorKind::kInvalid, "sentry.dsn", "sentry.dsn is not a DSN.",
          "Copy it from the project's settings: https://<key>@<host>/<project>.", {}};
}

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

}  // namespace

Result<Dsn> parse_dsn(std::string_view text) {
  const auto scheme_end = text.find("://");
  const std::string_view scheme = text.substr(0, std::min(scheme_end, text.size()));
  if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) return wrong_dsn();
  const std::string_view rest = text.substr(scheme_end + 3);
  const auto at = rest.find('@');
  const auto slash = rest.rfind('/');
  if (at == std::string_view::npos || slash == std::string_view::npos || slash < at) return wrong_dsn();
  const std::string_view user = rest.substr(0, at);
  const std::string_view key = user.substr(0, user.find(':'));  // an old DSN has a secret behind it
  const std::string_view host_and_path = rest.substr(at + 1, slash - at - 1);
  const std::string_view project = rest.substr(slash + 1);
  if (!is_word(key) || !is_word(project) || host_and_path.empty() || host_and_path.find_first_of("@?#\\ ") != std::string_view::npos) {
    return wrong_dsn();
  }
  const auto path = std::min(host_and_path.find('/'), host_and_path.size());
  Dsn dsn;
  dsn.public_key = key;
  dsn.envelope_url = std::string(scheme) + "://" + std::string(host_and_path.substr(0, path)) +
                     std::string(host_and_path.substr(path)) + "/api/" + std::string(project) + "/envelope/";
  return dsn;
}

}  // namespace sluice::sentry
