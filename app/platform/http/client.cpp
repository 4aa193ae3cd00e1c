// The one file that sees libcurl.
#include "platform/http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <vector>

#include <curl/curl.h>
#include <fmt/format.h>

#include "platform/core/mutex.h"
#include "platform/core/text.h"
#include "platform/http/wire/head.h"

namespace sluice::http {
namespace {

struct EasyDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyDeleter>;

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

constexpr std::size_t kIdleHandles = 16;

void initialise_curl() {
  static const CURLcode kDone = curl_global_init(CURL_GLOBAL_DEFAULT);
  SLUICE_ASSERT(kDone == CURLE_OK);
}

// What the callbacks of one transfer write to.
struct Transfer {
  const ClientOptions& options;
  ClientResponse response;
  bool too_large = false;
  std::string refused_address;
};

std::string address_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text.data(), text.size());
  if (address.sa_family == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text.data(), text.size());
  return text.data();
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t bytes = size * count;
  if (transfer.response.body.size() + bytes > transfer.options.response_limit) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(data, bytes);
  return bytes;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) transfer.response.headers = {};  // a new answer, after 100 Continue
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && transfer.response.headers.all().size() < limits::kHeaderFields)
    transfer.response.headers.add(to_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  return line.size();
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  const auto text = address_text(address->addr);
  if (transfer.options.allow_address && !transfer.options.allow_address(text)) {
    transfer.refused_address = text;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

List make_headers(const ClientRequest& request) {
  List list;
  const auto append = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    SLUICE_ASSERT(longer != nullptr);
    static_cast<void>(list.release());
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers.all()) append(name + (value.empty() ? ";" : ": " + value));
  append("Expect:");  // our bodies are small: no waiting for a 100
  if (request.headers.get("content-type").empty()) append("Content-Type:");
  return list;
}

void set_method(CURL* handle, const ClientRequest& request) {
  const std::string method(to_string(request.method));
  if (request.method == Method::kHead) {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    return;
  }
  const bool takes_body = request.method == Method::kPost || request.method == Method::kPut ||
                          request.method == Method::kPatch || !request.body.empty();
  if (takes_body) {
    curl_easy_setopt(handle, CURLOPT_POST, 1L);
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
}

void set_signature(CURL* handle, const SigV4& sign) {
  const auto provider = fmt::format("aws:amz:{}:{}", sign.region, sign.service);
  const auto credentials = fmt::format("{}:{}", sign.access_key, sign.secret_key);
  curl_easy_setopt(handle, CURLOPT_AWS_SIGV4, provider.c_str());
  curl_easy_setopt(handle, CURLOPT_USERPWD, credentials.c_str());
}

void set_policy(CURL* handle, const ClientOptions& options, Deadline deadline) {
  const auto total = std::max<std::int64_t>(1, deadline.remaining().count());
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(total));
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::min<std::int64_t>(total, options.connect_deadline.count())));
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);  // or a slow name server would outlast the deadline
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, options.proxy.c_str());  // "" also shuts out the environment
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(handle, CURLOPT_TCP_NODELAY, 1L);
  if (!options.ca_file.empty()) curl_easy_setopt(handle, CURLOPT_CAINFO, options.ca_file.c_str());
}

void set_callbacks(CURL* handle, Transfer& transfer) {
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &transfer);
}

// For messages: a query may hold secrets, user info does.
std::string printable_url(std::string_view url) {
  url = url.substr(0, url.find('?'));
  const auto scheme = url.find("://");
  const auto at = url.find('@');
  if (scheme != std::string_view::npos && at != std::string_view::npos)
    return printable(std::string(url.substr(0, scheme + 3)) + std::string(url.substr(at + 1)));
  return printable(url);
}

Error explain(CURLcode code, const Transfer& transfer, const ClientRequest& request) {
  const auto url = printable_url(request.url);
  const auto reason = std::string(curl_easy_strerror(code));
  if (transfer.too_large)
    return {ErrorKind::kTooLarge, "http-client.too-large",
            fmt::format("The answer of {} is larger than {} bytes.", url, transfer.options.response_limit), "", {}};
  if (!transfer.refused_address.empty())
    return {ErrorKind::kForbidden, "http-client.address-refused",
            fmt::format("{} leads to {}, which this client may not talk to.", url, transfer.refused_address),
            "Name a target with a public address.", {}};
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorKind::kTimeout, "http-client.timeout", fmt::format("{} did not answer in time.", url),
              "Check that it is up and reachable.", {}};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {ErrorKind::kInvalid, "http-client.url", fmt::format("{} is not an http or https URL.", url), "", {}};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
      return {ErrorKind::kUnavailable, "http-client.tls", fmt::format("TLS with {} failed: {}.", url, reason),
              "Check its certificate and the CA file.", {}};
    default:
      return {ErrorKind::kUnavailable, "http-client.unreachable", fmt::format("{} can't be reached: {}.", url, reason),
              "Check the address and that it is up.", {}};
  }
}

std::optional<Error> check_request(const ClientRequest& request, Deadline deadline) {
  if (deadline.expired())
    return Error{ErrorKind::kTimeout, "http-client.timeout", "The deadline had passed before the call.", "", {}};
  const bool sound = std::all_of(request.headers.all().begin(), request.headers.all().end(), [](const auto& field) {
    return wire::is_token(field.first) && wire::is_field_value(field.second);
  });
  if (!sound)
    return Error{ErrorKind::kInvalid, "http-client.header", "A request header has characters that are not allowed.", "", {}};
  if (!wire::is_field_value(request.url) || request.url.find_first_of(" \t") != std::string::npos)
    return Error{ErrorKind::kInvalid, "http-client.url", "The URL has control characters or spaces.", "", {}};
  return std::nullopt;
}

bool is_public_v4(std::uint32_t address) {
  struct Range {
    std::uint32_t first;
    int bits;
  };
  // RFC 6890's special-purpose registry.
  constexpr std::array<Range, 15> kSpecial{{{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                                            {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24},
                                            {0xc0586300, 24}, {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24},
                                            {0xcb007100, 24}, {0xe0000000, 4},  {0xf0000000, 4}}};
  return std::none_of(kSpecial.begin(), kSpecial.end(), [&](const Range& range) {
    return (address ^ range.first) >> static_cast<unsigned>(32 - range.bits) == 0;
  });
}

bool is_public_v6(const std::array<std::uint8_t, 16>& bytes) {
  const auto tail = [&] {
    return (std::uint32_t{bytes[12]} << 24U) | (std::uint32_t{bytes[13]} << 16U) | (std::uint32_t{bytes[14]} << 8U) |
           bytes[15];
  };
  const bool mapped = std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) &&
                      bytes[10] == 0xff && bytes[11] == 0xff;
  if (mapped) return is_public_v4(tail());
  // Only 2000::/3 is handed out; out of it the tunnels (which carry an IPv4 address) and documentation.
  if ((bytes[0] & 0xe0U) != 0x20) return false;
  const bool teredo_or_special = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 0x02;
  const bool documentation = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
  const bool six_to_four = bytes[0] == 0x20 && bytes[1] == 0x02;
  return !teredo_or_special && !documentation && !six_to_four;
}

template <int family>
bool is_plain_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  std::array<char, INET6_ADDRSTRLEN> usual{};
  return inet_pton(family, text.c_str(), address.data()) == 1 &&
         inet_ntop(family, address.data(), usual.data(), usual.size()) != nullptr && text == usual.data();
}

}  // namespace

bool is_plain_ipv4(std::string_view text) { return is_plain_address<AF_INET>(std::string(text)); }
bool is_plain_ipv6(std::string_view text) { return is_plain_address<AF_INET6>(std::string(text)); }

bool is_public_address(std::string_view address) {
  const std::string text(address);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
  std::array<std::uint8_t, 16> v6{};
  return inet_pton(AF_INET6, text.c_str(), v6.data()) == 1 && is_public_v6(v6);
}

// Idle handles, each with the connections it keeps.
struct Client::Pool {
  explicit Pool(ClientOptions client_options) : options(std::move(client_options)) {}

  Easy take() SLUICE_EXCLUDES(mutex) {
    {
      MutexLock lock(mutex);
      if (!idle.empty()) {
        Easy handle = std::move(idle.back());
        idle.pop_back();
        return handle;
      }
    }
    return Easy(curl_easy_init());
  }
  void give_back(Easy handle) SLUICE_EXCLUDES(mutex) {
    curl_easy_reset(handle.get());  // keeps its connections
    MutexLock lock(mutex);
    if (idle.size() < kIdleHandles) idle.push_back(std::move(handle));
  }

  const ClientOptions options;
  Mutex mutex;
  std::vector<Easy> idle SLUICE_GUARDED_BY(mutex);
};

Client::Client(ClientOptions options) {
  initialise_curl();
  pool_ = std::make_unique<Pool>(std::move(options));
}
Client::~Client() = default;

Result<ClientResponse> Client::send(const ClientRequest& request, Deadline deadline) {
  if (auto error = check_request(request, deadline)) return *error;
  Easy handle = pool_->take();
  SLUICE_ASSERT(handle != nullptr);
  Transfer transfer{pool_->options, {}, false, {}};
  const List headers = make_headers(request);
  curl_easy_setopt(handle.get(), CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, headers.get());
  set_policy(handle.get(), pool_->options, deadline);
  set_callbacks(handle.get(), transfer);
  set_method(handle.get(), request);
  if (request.sign) set_signature(handle.get(), *request.sign);
  const CURLcode code = curl_easy_perform(handle.get());
  long status = 0;
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  pool_->give_back(std::move(handle));
  if (code != CURLE_OK) return explain(code, transfer, request);
  transfer.response.status = static_cast<int>(status);
  return std::move(transfer.response);
}

}  // namespace sluice::http
