#include "platform/http/serving/connection.h"

#include <algorithm>
#include <cstring>

#include "platform/http/limits.h"
#include "platform/http/wire/target.h"

namespace sluice::http::serving {
namespace {

constexpr std::size_t kSmallBuffer = 4 * limits::kKiB;
constexpr std::size_t kBodyBuffer = 16 * limits::kKiB;

Connection::Time now() { return std::chrono::steady_clock::now(); }

}  // namespace

Connection::Connection(ServerContext& context, Link& link, std::string remote, const std::string& date)
    : context_(context), link_(link), remote_(std::move(remote)), date_(date), buffer_(kSmallBuffer) {
  enter(Phase::kIdle, context_.options.header_deadline);
  context_.observer.connections().add(1);
}

Connection::~Connection() {
  context_.observer.connections().add(-1);
}

void Connection::start(std::shared_ptr<Link> self) {
  self_ = std::move(self);
  enter(Phase::kIdle, context_.options.header_deadline);
  read_more();
}

void Connection::enter(Phase phase, std::chrono::milliseconds wait) {
  phase_ = phase;
  deadline_ = now() + wait;
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kHandling) context_.observer.in_flight().add(-1);
  phase_ = Phase::kClosed;
  if (exchange_) exchange_->detach();
  cut_body();
  if (stream_) {
    report();
    stream_->detach();
  }
  link_.close();
  self_.reset();
}

void Connection::on_drain() {
  if (phase_ == Phase::kIdle) close();
}

void Connection::on_tick(Time time) {
  if (time < deadline_) return;
  switch (phase_) {
    case Phase::kHead:
      refuse({408, "http.head-timeout", "The head of the request did not arrive in time."});
      return;
    case Phase::kBody:
      return fail_body_late();
    case Phase::kAuthenticating:
      exchange_->detach();
      answer_overloaded("request.deadline", "Nobody could say in time who you are.", After::kClose);
      return;
    case Phase::kHandling:
      if (writing_) return close();
      if (body_ && body_awaited_) return fail_body_late();
      exchange_->detach();
      answer_error(504, ErrorKind::kTimeout, "request.deadline",
                   "The request was not done by its deadline; whether it took effect is not known.", After::kKeep);
      return;
    case Phase::kStreaming:
      if (writing_) close();
      return;
    default: close();
  }
}

// ---------------------------------------------------------------------------------------- reading

void Connection::read_more() {
  if (reading_) return;
  if (begin_ == end_) begin_ = end_ = 0;
  const std::size_t want = phase_ == Phase::kBody || body_ ? kBodyBuffer : kSmallBuffer;
  if (begin_ > 0 && buffer_.size() - end_ < want / 2) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size() || buffer_.size() < want) buffer_.resize(std::max(want, buffer_.size() * 2));
  reading_ = true;
  link_.read(buffer_.data() + end_, buffer_.size() - end_);
}

void Connection::on_read(std::size_t size, bool failed) {
  reading_ = false;
  if (phase_ == Phase::kClosed) return;
  if (failed) return close();
  if (phase_ == Phase::kLingering) return read_more();  // over the old bytes: nobody wants them
  end_ += size;
  advance();
}

void Connection::advance() {
  if (phase_ == Phase::kIdle && begin_ < end_) enter(Phase::kHead, context_.options.header_deadline);
  if (phase_ == Phase::kHead) return read_head();
  if (phase_ == Phase::kBody) return read_body();
  if (phase_ == Phase::kHandling) return feed_body();
}

void Connection::read_head() {
  switch (wire::find_head_end(unread(), scanned_)) {
    case wire::HeadEnd::kFound: return begin_request();
    case wire::HeadEnd::kBareLineFeed:
      return refuse({400, "http.bare-line-feed", "A line ends with LF alone instead of CR LF."});
    case wire::HeadEnd::kIncomplete: break;
  }
  if (const auto refusal = wire::check_incomplete(unread())) return refuse(*refusal);
  read_more();
}

// --------------------------------------------------------------------------------------- deciding

void Connection::begin_request() {
  began_ = now();
  if (const auto refusal = wire::parse_head(unread().substr(0, scanned_), head_))
    return refuse(*refusal, head_.find("x-request-id"));
  wire::Target target;
  if (const auto refusal = wire::parse_target(head_.target, target))
    return refuse(*refusal, head_.find("x-request-id"));
  exchange_ = std::make_shared<Exchange>(self_, context_.services.logger);
  exchange_->request.path = std::move(target.path);
  exchange_->request.query = std::move(target.query);
  fill_request(exchange_->request);
  auto refusal = context_.gate.find_route(wire::parse_method(head_.method), target.raw_path, *exchange_);
  begin_ += std::exchange(scanned_, 0);
  decoder_ = {};
  discarded_.clear();
  route_ = exchange_->route;
  if (refusal) return admitted(std::move(refusal));

  std::string token;
  refusal = context_.gate.identify(*exchange_, began_, token);
  if (token.empty()) return identified(std::move(refusal), began_);
  enter(Phase::kAuthenticating, context_.options.request_deadline);
  const bool queued = context_.workers.try_submit([exchange = exchange_, token, &context = context_] {
    exchange->authenticate(*context.services.authenticator, token);
  });
  if (!queued) return authenticate_without_worker(token);
  on_notified();
}

// A token that still counts needs no worker: it was only due to be verified again.
void Connection::authenticate_without_worker(const std::string& token) {
  exchange_->request.principal = context_.services.authenticator->cached(token);
  if (exchange_->request.principal) return identified(std::nullopt, began_);
  answer_overloaded("server.overloaded", "All workers are busy.", After::kClose);
}

void Connection::fill_request(Request& request) {
  request.method = wire::parse_method(head_.method).value_or(Method::kGet);
  for (const wire::Field& field : head_.fields) request.headers.add(field.name, field.value);
  request.remote = remote_;
  request.request_id = context_.gate.request_id(head_.find("x-request-id"));
  request.trace = trace::continue_or_generate(head_.find("traceparent"));
  method_.assign(head_.method);
  path_ = request.path;
  request_id_ = request.request_id;
  traceparent_ = request.trace.to_header();
  principal_.clear();
  keep_alive_ = head_.keep_alive;
}

void Connection::identified(std::optional<Response> refusal, Time time) {
  if (exchange_->request.principal) principal_ = exchange_->request.principal->id;
  if (!refusal) refusal = context_.gate.admit(*exchange_, has_body(), time);
  admitted(std::move(refusal));
}

// A refused request's small body is read over, so that the connection can be kept.
void Connection::admitted(std::optional<Response> refusal) {
  refusal_ = std::move(refusal);
  const bool known_length = head_.content_length.has_value();
  if (refusal_) {
    const bool cheap = !head_.expects_continue && head_.content_length.value_or(0) <= limits::kDiscardedBytes;
    if (!has_body() || !cheap)
      return answer(*std::exchange(refusal_, std::nullopt), has_body() ? After::kClose : After::kKeep);
  } else if (!has_body()) {
    return dispatch();
  } else if (known_length && *head_.content_length > route_->body_limit) {
    return refuse_body(wire::ChunkedDecoder::Status::kTooLarge);
  } else if (route_->body == BodyMode::kStreamed) {
    return dispatch();
  }
  if (head_.expects_continue && begin_ == end_) {
    enter(Phase::kContinue, context_.options.write_deadline);
    return write_continue();
  }
  enter(Phase::kBody, context_.options.body_deadline);
  read_body();
}

void Connection::dispatch() {
  enter(Phase::kHandling, context_.options.request_deadline);
  exchange_->request.deadline = Deadline::at(deadline_);
  context_.observer.in_flight().add(1);
  if (route_->body == BodyMode::kStreamed) open_body();
  if (route_->dispatch != Dispatch::kWorker) {
    exchange_->run();
  } else if (!context_.workers.try_submit([exchange = exchange_] { exchange->run(); })) {
    return answer_overloaded("server.overloaded", "All workers are busy.", After::kKeep);
  }
  await_answer();
}

void Connection::on_notified() {
  if (phase_ == Phase::kHandling) return await_answer();
  if (phase_ == Phase::kStreaming) return pump();
  if (phase_ != Phase::kAuthenticating) return;
  if (auto identity = exchange_->take_identity()) {
    const auto time = now();
    identified(context_.gate.accept(std::move(*identity), *exchange_, time), time);
  }
}

void Connection::await_answer() {
  if (writing_) return;  // "100 Continue" first
  auto answered = exchange_->take_answer();
  if (!answered) return feed_body();
  if (answered->stream) return begin_stream(std::move(*answered));
  answer(std::move(answered->response), After::kKeep);
}

}  // namespace sluice::http::serving
