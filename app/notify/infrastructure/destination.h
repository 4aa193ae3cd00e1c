// Where notifications may go. An address is read strictly, in one spelling: what libcurl or a resolver
// might read differently is refused here. The second half, that no name leads to a private address, is
// asked at every connection (target_client.h).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "platform/core/result.h"

namespace sluice::notify::infrastructure {

struct Destination {
  bool tls = true;
  std::string host;  // lower case; an IPv6 address without its brackets
  std::uint16_t port = 443;
  std::string path;  // "/services/…", with the query; may be empty

  [[nodiscard]] std::string origin() const;     // "https://hooks.slack.com", with a port that is not the scheme's
  [[nodiscard]] std::string host_port() const;  // "hooks.slack.com:443"
};

// No user info, fragment, escapes or IDNs in the host, no number that is not a plain IPv4 address.
// Error kInvalid "notify.url"; it shows no part of the address but its host: the path may be a secret.
Result<Destination> parse_destination(std::string_view url);

// `allowed`: "hooks.slack.com" (https on its port), "*.atlassian.net", "jira.example:8443",
// "http://127.0.0.1:9000" (plain HTTP, on that port only).
bool is_allowed(const Destination& destination, std::span<const std::string> allowed);

}  // namespace sluice::notify::infrastructure
