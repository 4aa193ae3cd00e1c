// Our side of other people's HTTP: deadlines, a limit on the answer's size, no redirects, only http
// and https, no proxy but the configured one. Connections are kept and reused. Thread-safe: each call
// takes an idle handle or makes one; send() blocks at most until its deadline.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/deadline.h"
#include "platform/core/result.h"
#include "platform/http/limits.h"
#include "platform/http/message.h"

namespace sluice::http {

// AWS Signature Version 4, done by libcurl.
struct SigV4 {
  std::string access_key;
  std::string secret_key;
  std::string region;   // "eu-central-1"
  std::string service;  // "s3", "events"
};

struct ClientRequest {
  Method method = Method::kGet;
  std::string url;
  Headers headers;
  std::string body;
  std::optional<SigV4> sign;
};

struct ClientResponse {
  int status = 0;
  Headers headers;  // names in lower case
  std::string body;
};

struct ClientOptions {
  std::size_t response_limit = limits::kClientResponseBytes;
  std::chrono::milliseconds connect_deadline = limits::kClientConnectDeadline;
  std::string proxy;    // empty = none, whatever the environment says
  std::string ca_file;  // PEM; empty = the system's
  // Asked with the numeric address of every connection about to be opened; false refuses it. Checked
  // after name resolution, so that a name can't lead inside. Empty = all.
  std::function<bool(std::string_view address)> allow_address;
};

// False for loopback, private, link-local, multicast, unspecified and other special ranges, IPv4 and
// IPv6 (mapped addresses too): the address policy for targets that users name (webhooks).
bool is_public_address(std::string_view address);

// Whether the text is a numeric address in its one usual spelling (inet_ntop's): "127.0.0.1", "::1",
// not "127.1" or "0:0:0:0:0:0:0:1".
bool is_plain_ipv4(std::string_view text);
bool is_plain_ipv6(std::string_view text);

class Client {
 public:
  explicit Client(ClientOptions options = {});
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Any status is an answer, not an error. Errors: http-client.timeout, .unreachable, .too-large,
  // .tls, .url, .address-refused.
  Result<ClientResponse> send(const ClientRequest& request, Deadline deadline);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace sluice::http
