// One connection's life: read a head, decide, read the body, run the handler, write the answer, again.
// One request at a time, so pipelined requests are answered in order. Everything here runs on the
// link's I/O thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/serving/context.h"
#include "platform/http/serving/exchange.h"
#include "platform/http/serving/incoming_body.h"
#include "platform/http/serving/link.h"
#include "platform/http/wire/chunked.h"
#include "platform/http/wire/head.h"

namespace sluice::http::serving {

class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // `date` is the I/O thread's current Date header.
  Connection(ServerContext& context, Link& link, std::string remote, const std::string& date);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // `self` keeps the link alive for answers from other threads.
  void start(std::shared_ptr<Link> self);
  void on_read(std::size_t size, bool failed);
  void on_written(bool failed);
  void on_notified();
  void on_tick(Time now);  // a few times a second: deadlines
  void on_drain();         // closes when idle; otherwise after the current answer
  void close();

 private:
  enum class Phase : std::uint8_t {
    kIdle,            // nothing of the next request is here
    kHead,            // a part of its head is
    kAuthenticating,  // a worker asks who it is
    kContinue,        // writing "100 Continue"
    kBody,
    kHandling,   // a handler has it, and may be pulling its body
    kWriting,    // the answer is on its way
    kStreaming,  // a streamed answer is
    kLingering,  // the answer is out, the peer's rest is read over: closing at once could destroy it
    kClosed,
  };

  // Reading. Each returns when it needs more bytes, an answer or the socket.
  void advance();
  void read_more();
  void read_head();
  void read_body();
  wire::ChunkedDecoder::Status take_body(std::string& into, std::size_t before, std::size_t limit);
  void refuse_body(wire::ChunkedDecoder::Status status);
  void fail_body(int status, ErrorKind kind, std::string_view code, std::string_view message);
  void fail_body_late();
  void write_continue();
  [[nodiscard]] std::string_view unread() const { return {buffer_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] bool has_body() const { return head_.chunked || head_.content_length.value_or(0) > 0; }

  // A streamed body.
  void open_body();
  void feed_body();
  void end_body(IncomingBody::Outcome outcome);
  void cut_body();

  // Deciding.
  void begin_request();
  void fill_request(Request& request);
  void authenticate_without_worker(const std::string& token);
  void identified(std::optional<Response> refusal, Time now);
  void admitted(std::optional<Response> refusal);
  void dispatch();
  void await_answer();

  // Answering.
  enum class After : std::uint8_t { kKeep, kClose };
  void refuse(const wire::Refusal& refusal, std::string_view given_id = {});
  void answer(Response response, After after);
  void answer_error(int status, ErrorKind kind, std::string_view code, std::string_view message, After after);
  void answer_overloaded(std::string_view code, std::string_view message, After after);
  void write_answer(Response response);
  void begin_stream(Answer answer);
  void pump();
  void end_stream();
  void finish_request();
  void report();
  void append_answer_head(const Response& response, bool streamed);

  void enter(Phase phase, std::chrono::milliseconds wait);

  ServerContext& context_;
  Link& link_;
  std::shared_ptr<Link> self_;  // until closed
  const std::string remote_;
  const std::string& date_;
  Phase phase_ = Phase::kIdle;
  Time deadline_;

  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;  // of the head in unread()
  bool reading_ = false;
  bool writing_ = false;

  wire::Head head_;  // its views are valid in begin_request() only
  wire::ChunkedDecoder decoder_;
  std::shared_ptr<Exchange> exchange_;
  std::optional<Response> refusal_;  // known already, to be sent when the body has been read over
  std::string discarded_;
  std::shared_ptr<IncomingBody> body_;  // streamed, and not read to its end
  std::size_t body_given_ = 0;
  bool body_awaited_ = false;  // the handler has asked, and deadline_ is the body's
  bool continue_due_ = false;

  // Of the current request, for its answer and its log line.
  Time began_;
  const Route* route_ = nullptr;
  std::string method_;
  std::string path_;
  std::string request_id_;
  std::string traceparent_;
  std::string principal_;
  int status_ = 0;
  std::string internal_error_;
  bool keep_alive_ = true;

  std::string out_;
  Response response_;  // keeps a large body while it is written
  std::shared_ptr<StreamBuffer> stream_;
};

}  // namespace sluice::http::serving
