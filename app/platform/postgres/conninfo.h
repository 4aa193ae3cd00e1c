// From the operator's URL to what one connection attempt needs. Parsing does no input or output.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/postgres/options.h"

namespace sluice::postgres {

// libpq's keywords and values.
using ConnectionKeywords = std::map<std::string, std::string>;

// The URL's settings on top of libpq's environment variables, with ours where they say nothing:
// writes wanted, keep-alives, tcp_user_timeout. kInvalid (code postgres.url) without quoting the
// URL, which holds a password.
Result<ConnectionKeywords> parse_conninfo(const ConnectionOptions& options);

struct Endpoint {
  std::string host;  // a name, an address or a socket's folder
  std::string port;
  bool operator==(const Endpoint&) const = default;
};

// "a,b" with ports "1,2" or "1". kInvalid when their numbers differ.
Result<std::vector<Endpoint>> split_endpoints(const ConnectionKeywords& keywords);

// The addresses of a host: itself if it is an address or a socket's folder. Names are looked up on
// another thread, as getaddrinfo knows no deadline; at most eight such lookups run at a time.
Result<std::vector<std::string>> resolve(const std::string& host, Deadline deadline);

// `text` with the password replaced.
std::string mask_password(std::string text, const ConnectionKeywords& keywords);

}  // namespace sluice::postgres
