#include "platform/postgres/conninfo.h"

#include <libpq-fe.h>

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using OptionsPtr = std::unique_ptr<PQconninfoOption, FreeOptions>;

struct FreeMemory {
  void operator()(char* memory) const { PQfreemem(memory); }
};

Error bad_url(std::string message, std::string fix) {
  return {ErrorKind::kInvalid, "postgres.url", std::move(message), std::move(fix), {}};
}

void overlay(ConnectionKeywords& keywords, const PQconninfoOption* option) {
  for (; option != nullptr && option->keyword != nullptr; ++option) {
    if (option->val != nullptr && *option->val != '\0') keywords[option->keyword] = option->val;
  }
}

// Our defaults: a dead peer is noticed by the kernel within about ten seconds even where no
// deadline of a caller runs, and a standby is not taken for the primary. GSS negotiation may block
// on a ticket server that knows no deadline.
void add_defaults(ConnectionKeywords& keywords, std::string_view role) {
  keywords["application_name"] = fmt::format("sluice/{}", role);
  keywords["client_encoding"] = "UTF8";
  keywords["keepalives"] = "1";
  keywords["keepalives_idle"] = "5";
  keywords["keepalives_interval"] = "2";
  keywords["keepalives_count"] = "3";
  keywords["tcp_user_timeout"] = "10000";
  keywords["target_session_attrs"] = "read-write";
  keywords["gssencmode"] = "disable";
}

}  // namespace

Result<ConnectionKeywords> parse_conninfo(const ConnectionOptions& options) {
  char* message = nullptr;
  const OptionsPtr parsed(PQconninfoParse(options.url.c_str(), &message));
  const std::unique_ptr<char, FreeMemory> owned(message);
  if (parsed == nullptr) {
    return bad_url("the database's URL can't be read",
                   "write postgresql://user:password@host:port/database and percent-encode what is "
                   "not a letter or digit in the password");
  }
  ConnectionKeywords keywords;
  const OptionsPtr environment(PQconndefaults());
  overlay(keywords, environment.get());
  add_defaults(keywords, options.role);
  overlay(keywords, parsed.get());
  for (const char* keyword : {"service", "hostaddr"}) {
    if (!keywords.contains(keyword)) continue;
    return bad_url(fmt::format("\"{}\" is not supported in the database's URL", keyword),
                   "write the host into the URL and unset PGSERVICE and PGHOSTADDR");
  }
  return keywords;
}

Result<std::vector<Endpoint>> split_endpoints(const ConnectionKeywords& keywords) {
  const auto get = [&](const std::string& key) {
    const auto found = keywords.find(key);
    return found == keywords.end() ? std::string() : found->second;
  };
  const std::vector<std::string> hosts = split(get("host"), ',');
  const std::vector<std::string> ports = split(get("port"), ',');
  if (ports.size() > 1 && ports.size() != hosts.size()) {
    return bad_url(
        fmt::format("the database's URL names {} hosts but {} ports", hosts.size(), ports.size()),
        "give one port for all hosts, or one for each");
  }
  std::vector<Endpoint> endpoints;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const std::string port = ports.empty() ? "" : ports[ports.size() == 1 ? 0 : i];
    endpoints.push_back({hosts[i], port});
  }
  if (endpoints.empty()) endpoints.push_back({"", ports.empty() ? "" : ports.front()});
  return endpoints;
}

std::string mask_password(std::string text, const ConnectionKeywords& keywords) {
  const auto password = keywords.find("password");
  if (password == keywords.end() || password->second.empty()) return text;
  for (auto at = text.find(password->second); at != std::string::npos;
       at = text.find(password->second, at + 3)) {
    text.replace(at, password->second.size(), "***");
  }
  return text;
}

}  // namespace sluice::postgres
