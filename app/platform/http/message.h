// Requests, responses and routes: what handlers see. Nothing here names Boost.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/auth/principal.h"
#include "platform/core/deadline.h"
#include "platform/core/error.h"
#include "platform/core/json.h"
#include "platform/http/body_stream.h"
#include "platform/trace/trace_context.h"

namespace sluice::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };
std::string_view to_string(Method method);

// Few and short: looked up by comparing names without case.
class Headers {
 public:
  void set(std::string_view name, std::string_view value);  // replaces
  void add(std::string_view name, std::string_view value);
  [[nodiscard]] std::string_view get(std::string_view name) const;  // "" when absent
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::kGet;
  std::string path;        // percent-decoded, without the query
  Parameters query;        // decoded, in order
  Parameters path_values;  // {name} of the route's pattern
  Headers headers;
  std::string body;                         // whole; empty on a streamed route
  std::shared_ptr<BodyStream> body_stream;  // set on a streamed route, also when there is no body
  std::string request_id;  // the caller's x-request-id, or ours
  trace::TraceContext trace;
  std::shared_ptr<const auth::Principal> principal;  // set unless the route is public
  std::string remote;                                // address of the peer, for logs and limits
  Deadline deadline = Deadline::after(std::chrono::milliseconds{0});

  [[nodiscard]] std::string_view path_value(std::string_view name) const;                // "" when absent
  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string content_type = "application/json";
  std::string body;
  std::string internal_error;  // of a defect of ours: what the log is told; never sent

  static Response json(int status, const Json& body);
  static Response text(int status, std::string body);
  // RFC 9457: {type, title, status, code, detail, fix, requestId, problems[{field, rule, message, fix,
  // line, column}]} as application/problem+json. The kind decides the status (one table, problem.cpp).
  static Response problem(const Error& error, std::string_view request_id);
};

// Completes one request, exactly once, from any thread; a responder dropped without an answer sends
// 500. After the request's deadline the answer has been 504 already and what comes later is ignored.
class Responder {
 public:
  class Channel;  // the server's side
  explicit Responder(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&&) noexcept = default;
  ~Responder();

  void send(Response response);

  // A streamed answer (chunked). write() never blocks: false = the client is gone or its buffer
  // (1 MiB) is full, and the stream has been cut.
  class Stream {
   public:
    virtual ~Stream() = default;  // ends the stream
    virtual bool write(std::string_view bytes) = 0;
    [[nodiscard]] virtual bool open() const = 0;
  };
  std::unique_ptr<Stream> stream(Response head);

 private:
  std::shared_ptr<Channel> channel_;
};

enum class Dispatch : std::uint8_t {
  kInline,    // on the I/O thread: answers from memory at once, never blocks
  kWorker,    // on the bounded worker pool, with the request's deadline
  kDeferred,  // starts on the I/O thread, completes later from elsewhere
  kStream,    // like kDeferred, with a streamed answer
};

enum class BodyMode : std::uint8_t {
  kBuffered,  // the handler gets the request when its body is complete
  kStreamed,  // the handler gets it with the head and pulls the body (kDeferred and kStream only)
};

// What a route demands. Every route says it; there is no default.
struct Access {
  std::optional<auth::Role> role;  // empty = public

  static Access open() { return {}; }
  static Access at_least(auth::Role role) { return {role}; }
};

using Handler = std::function<void(Request, Responder)>;

struct Route {
  Method method = Method::kGet;
  std::string pattern;  // "/v1/topics/{name}"; literal segments win over {…}
  std::string operation_id;
  std::optional<Access> access;  // unset = the server refuses to start
  Dispatch dispatch = Dispatch::kWorker;
  std::size_t body_limit = 1024 * 1024;
  BodyMode body = BodyMode::kBuffered;
  std::vector<std::string> content_types;  // accepted for a body; empty = no body allowed
  Handler handler;
};

}  // namespace sluice::http
