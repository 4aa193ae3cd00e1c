#include "notify/infrastructure/destination.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/http/client.h"

namespace sluice::notify::infrastructure {
namespace {

constexpr std::size_t kLongestUrl = 2'000;
constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

// The last label starts with a letter: resolvers read "127.1", "0x7f.1" and "2130706433" as addresses.
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > kLongestHost) return false;
  const auto labels = split(host, '.');
  return std::all_of(labels.begin(), labels.end(), [](const std::string& label) { return is_label(label); }) &&
         is_letter(labels.back().front());
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = failure == std::errc{} && end == text.data() + text.size();
  if (!whole || port == 0 || text.front() == '0') return std::nullopt;
  return port;
}

bool read_host(std::string_view authority, Destination& destination) {
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto close = authority.find(']');
    if (close == std::string_view::npos) return false;
    destination.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
    if (!http::is_plain_ipv6(destination.host)) return false;
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    destination.host = to_lower(authority.substr(0, colon));
    port = authority.substr(colon);
    if (!is_host_name(destination.host) && !http::is_plain_ipv4(destination.host)) return false;
  }
  if (port.empty()) return true;
  const auto number = parse_port(port.substr(1));
  if (port.front() != ':' || !number) return false;
  destination.port = *number;
  return true;
}

std::optional<Destination> read(std::string_view url) {
  constexpr std::string_view kHttps = "https://";
  constexpr std::string_view kHttp = "http://";
  Destination destination;
  destination.tls = url.starts_with(kHttps);
  if (!destination.tls && !url.starts_with(kHttp)) return std::nullopt;
  destination.port = destination.tls ? 443 : 80;
  url.remove_prefix(destination.tls ? kHttps.size() : kHttp.size());
  const auto end = std::min(url.find_first_of("/?"), url.size());
  if (!read_host(url.substr(0, end), destination)) return std::nullopt;
  destination.path = url.substr(end);
  return destination;
}

// Only what every reader takes for the same: visible ASCII without what some take for a separator.
bool is_plain(std::string_view url) {
  return url.size() <= kLongestUrl && std::all_of(url.begin(), url.end(), [](char c) {
           return c > 0x20 && c < 0x7f && std::string_view("\\#@\"<>^`{|}").find(c) == std::string_view::npos;
         });
}

Error wrong_url() {
  return {ErrorKind::kInvalid, "notify.url", "is not an address that notifications can go to",
          "write https://host[:port]/path: a host name in ASCII letters or a plain IP address, no user, no fragment", {}};
}

// "*.atlassian.net" does not stand for atlassian.net itself.
bool host_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.starts_with("*.")) return pattern == host;
  pattern.remove_prefix(1);
  return host.size() > pattern.size() && host.ends_with(pattern);
}

bool allows(const std::string& entry, const Destination& wanted) {
  const bool plain = entry.starts_with("http://");
  const bool any_sub = entry.starts_with("*.");
  const std::string url = plain ? entry : "https://" + (any_sub ? entry.substr(2) : entry);
  const auto allowed = read(url);
  if (!allowed || !allowed->path.empty() || plain == wanted.tls) return false;
  return allowed->port == wanted.port && host_matches((any_sub ? "*." : "") + allowed->host, wanted.host);
}

}  // namespace

std::string Destination::host_port() const {
  const bool v6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", host, v6 ? "]" : "", port);
}

std::string Destination::origin() const {
  const std::string whole = host_port();
  const bool usual = port == (tls ? 443 : 80);
  return (tls ? "https://" : "http://") + (usual ? whole.substr(0, whole.rfind(':')) : whole);
}

Result<Destination> parse_destination(std::string_view url) {
  if (!is_plain(url)) return wrong_url();
  auto destination = read(url);
  if (!destination) return wrong_url();
  return std::move(*destination);
}

bool is_allowed(const Destination& destination, std::span<const std::string> allowed) {
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& entry) { return allows(entry, destination); });
}

}  // namespace sluice::notify::infrastructure
