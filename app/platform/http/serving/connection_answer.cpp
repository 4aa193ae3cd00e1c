// The half of a connection that writes.
#include <algorithm>

#include <fmt/format.h>

#include "platform/http/limits.h"
#include "platform/http/problem.h"
#include "platform/http/serving/connection.h"
#include "platform/http/wire/response_head.h"

namespace sluice::http::serving {
namespace {

// Up to here a body is copied behind its head: one write of one buffer.
constexpr std::size_t kSmallBody = 16 * limits::kKiB;

}  // namespace

// Nothing of a head that can't be understood is relied on but the id, if there was a sound one.
void Connection::refuse(const wire::Refusal& refusal, std::string_view given_id) {
  began_ = std::chrono::steady_clock::now();
  route_ = nullptr;
  method_ = "none";
  path_.clear();
  principal_.clear();
  request_id_ = context_.gate.request_id(given_id);
  traceparent_ = trace::TraceContext::generate().to_header();
  answer_error(refusal.status, ErrorKind::kInvalid, refusal.code, refusal.message, After::kClose);
}

void Connection::answer_error(int status, ErrorKind kind, std::string_view code, std::string_view message,
                              After after) {
  answer(problem_with_status(status, {kind, std::string(code), std::string(message), "", {}}, request_id_), after);
}

void Connection::answer_overloaded(std::string_view code, std::string_view message, After after) {
  const auto wait = std::chrono::ceil<std::chrono::seconds>(context_.workers.expected_wait());
  const auto seconds = std::max<std::int64_t>(1, wait.count());
  auto response = problem_with_status(
      503, {ErrorKind::kUnavailable, std::string(code), std::string(message), fmt::format("Try again in {} s.", seconds), {}},
      request_id_);
  response.headers.set("Retry-After", std::to_string(seconds));
  answer(std::move(response), after);
}

void Connection::answer(Response response, After after) {
  if (phase_ == Phase::kHandling) context_.observer.in_flight().add(-1);
  cut_body();
  if (after == After::kClose || context_.draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  write_answer(std::move(response));
}

void Connection::append_answer_head(const Response& response, bool streamed) {
  wire::ResponseFrame frame;
  frame.minor_version = head_.minor_version;
  if (streamed) frame.framing = head_.minor_version == 1 ? wire::Framing::kChunked : wire::Framing::kUntilClose;
  if (frame.framing == wire::Framing::kUntilClose) keep_alive_ = false;
  frame.keep_alive = keep_alive_;
  frame.request_id = request_id_;
  frame.traceparent = traceparent_;
  frame.date = date_;
  out_.clear();
  wire::append_head(out_, response, frame);
}

void Connection::write_answer(Response response) {
  status_ = response.status;
  internal_error_ = std::move(response.internal_error);
  append_answer_head(response, false);
  if (method_ == "HEAD" || status_ == 204 || status_ == 304) response.body.clear();
  report();
  enter(Phase::kWriting, context_.options.write_deadline);
  writing_ = true;
  if (response.body.size() <= kSmallBody) {
    out_.append(response.body);
    return link_.write(out_, {});
  }
  response_ = std::move(response);
  link_.write(out_, response_.body);
}

void Connection::on_written(bool failed) {
  writing_ = false;
  if (phase_ == Phase::kClosed) return;
  if (failed) return close();
  if (phase_ == Phase::kStreaming) return pump();
  if (phase_ == Phase::kWriting) return finish_request();
  if (phase_ == Phase::kHandling) return await_answer();
  if (phase_ == Phase::kContinue) {
    enter(Phase::kBody, context_.options.body_deadline);
    read_body();
  }
}

// --------------------------------------------------------------------------------------- streaming

void Connection::begin_stream(Answer answer) {
  context_.observer.in_flight().add(-1);
  cut_body();
  if (context_.draining.load(std::memory_order_relaxed)) keep_alive_ = false;
  stream_ = std::move(answer.stream);
  if (method_ == "HEAD") {
    std::exchange(stream_, nullptr)->detach();
    return write_answer(std::move(answer.response));
  }
  status_ = answer.response.status;
  append_answer_head(answer.response, true);
  enter(Phase::kStreaming, context_.options.write_deadline);
  writing_ = true;
  link_.write(out_, {});
  if (begin_ == end_) read_more();  // to learn that the client has gone
}

void Connection::pump() {
  if (writing_) return;
  std::string bytes;
  out_.clear();
  switch (stream_->take(bytes)) {
    case StreamBuffer::Next::kNothing: return;
    case StreamBuffer::Next::kCut: return close();
    case StreamBuffer::Next::kEnd: return end_stream();
    case StreamBuffer::Next::kBytes: break;
  }
  if (head_.minor_version == 1) wire::append_chunk(out_, bytes);
  else out_ = std::move(bytes);
  deadline_ = std::chrono::steady_clock::now() + context_.options.write_deadline;
  writing_ = true;
  link_.write(out_, {});
}

void Connection::end_stream() {
  report();
  std::exchange(stream_, nullptr)->detach();
  if (head_.minor_version == 0) return finish_request();
  enter(Phase::kWriting, context_.options.write_deadline);
  writing_ = true;
  link_.write("0\r\n\r\n", {});
}

// ---------------------------------------------------------------------------------------- the end

void Connection::report() {
  const std::string_view trace_id = traceparent_.size() > 35 ? std::string_view(traceparent_).substr(3, 32) : "";
  context_.observer.served({route_, method_, path_, status_, std::chrono::steady_clock::now() - began_, request_id_,
                            trace_id, principal_, remote_, internal_error_});
}

void Connection::finish_request() {
  // A worker may still hold the exchange: what belongs to this thread must not end on that one.
  if (exchange_) exchange_->detach();
  exchange_.reset();
  response_ = {};
  if (!keep_alive_ || context_.draining.load(std::memory_order_relaxed)) {
    enter(Phase::kLingering, limits::kLingerTime);
    link_.shutdown_send();
    begin_ = end_ = 0;
    return read_more();
  }
  enter(Phase::kIdle, context_.options.idle_timeout);
  if (begin_ < end_) return advance();
  if (!reading_ && buffer_.size() > 16 * limits::kKiB) buffer_ = std::vector<char>(4 * limits::kKiB);
  read_more();
}

}  // namespace sluice::http::serving
