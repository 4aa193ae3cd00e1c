// The half of a connection that reads bodies: whole ones into the request, streamed ones as far as their
// handler asks.
#include <fmt/format.h>

#include "platform/http/limits.h"
#include "platform/http/serving/connection.h"

namespace sluice::http::serving {
namespace {

constexpr std::string_view kContinueLine = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void Connection::write_continue() {
  writing_ = true;
  link_.write(kContinueLine, {});
}

// One piece of the body, from the buffer to the end of `into`; `before` bytes went elsewhere.
wire::ChunkedDecoder::Status Connection::take_body(std::string& into, std::size_t before, std::size_t limit) {
  using Status = wire::ChunkedDecoder::Status;
  if (head_.chunked) {
    const auto step = decoder_.feed(unread(), into, limit - before);
    begin_ += step.consumed;
    return step.status;
  }
  const std::size_t left = *head_.content_length - before - into.size();
  const auto piece = unread().substr(0, left);
  into.append(piece);
  begin_ += piece.size();
  return piece.size() == left ? Status::kDone : Status::kNeedMore;
}

// A refused request's body goes nowhere.
void Connection::read_body() {
  const auto status = refusal_ ? take_body(discarded_, 0, limits::kDiscardedBytes)
                               : take_body(exchange_->request.body, 0, route_->body_limit);
  using Status = wire::ChunkedDecoder::Status;
  if (status == Status::kNeedMore) return read_more();
  if (status == Status::kDone && !refusal_) return dispatch();
  if (status == Status::kDone) return answer(*std::exchange(refusal_, std::nullopt), After::kKeep);
  if (status == Status::kTooLarge && refusal_) return answer(*std::exchange(refusal_, std::nullopt), After::kClose);
  refuse_body(status);
}

void Connection::refuse_body(wire::ChunkedDecoder::Status status) {
  if (status == wire::ChunkedDecoder::Status::kMalformed)
    return fail_body(400, ErrorKind::kInvalid, "http.chunk", "The chunked body is malformed.");
  fail_body(413, ErrorKind::kTooLarge, "http.body-too-large",
            fmt::format("The body is larger than {} bytes.", route_->body_limit));
}

void Connection::fail_body(int status, ErrorKind kind, std::string_view code, std::string_view message) {
  if (body_) {
    exchange_->detach();
    end_body(Error{kind, std::string(code), std::string(message), "", {}});
  }
  answer_error(status, kind, code, message, After::kClose);
}

void Connection::fail_body_late() {
  fail_body(408, ErrorKind::kTimeout, "http.body-timeout", "The body of the request did not arrive in time.");
}

// --------------------------------------------------------------------------------------- streamed

void Connection::open_body() {
  auto body = std::make_shared<IncomingBody>(self_, context_.services.logger, request_id_);
  exchange_->request.body_stream = body;
  if (!has_body()) return body->finish(IncomingBody::Outcome(std::nullopt));
  body_ = std::move(body);
  body_given_ = 0;
  body_awaited_ = false;
  continue_due_ = head_.expects_continue;
}

// Reads from the socket only when the handler waits and the buffer has nothing for it.
void Connection::feed_body() {
  using Status = wire::ChunkedDecoder::Status;
  while (body_ && !reading_ && !writing_ && body_->wanted()) {
    if (!std::exchange(body_awaited_, true)) enter(Phase::kHandling, context_.options.body_deadline);
    if (std::exchange(continue_due_, false) && begin_ == end_) return write_continue();
    std::string chunk;
    const auto status = take_body(chunk, body_given_, route_->body_limit);
    if (status == Status::kMalformed || status == Status::kTooLarge) return refuse_body(status);
    if (status == Status::kNeedMore && chunk.empty()) return read_more();
    body_given_ += chunk.size();
    body_awaited_ = false;
    enter(Phase::kHandling, context_.options.request_deadline);
    if (!chunk.empty()) body_->give(std::move(chunk));
    if (status == Status::kDone) end_body(IncomingBody::Outcome(std::nullopt));
  }
}

void Connection::end_body(IncomingBody::Outcome outcome) {
  std::exchange(body_, nullptr)->finish(std::move(outcome));
}

// The answer is on its way, or nobody waits for one: what of the body has not been read never will be,
// and where the next request begins is not known.
void Connection::cut_body() {
  if (!body_) return;
  keep_alive_ = false;
  end_body(Error{ErrorKind::kUnavailable, "http.body-cut",
                 "The request was answered, or its connection closed, before its body was read.", "", {}});
}

}  // namespace sluice::http::serving
