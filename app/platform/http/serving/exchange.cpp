#include "platform/http/serving/exchange.h"

#include <exception>

#include "platform/http/limits.h"

namespace sluice::http::serving {

void Exchange::run() {
  if (detached()) return;
  request_id_ = request.request_id;
  try {
    route->handler(std::move(request), Responder(shared_from_this()));
  } catch (const std::exception& error) {
    // Unwinding has dropped the responder: the client has its answer.
    logger_.error("a handler failed",
                  {{"request_id", request_id_}, {"route", route->pattern}, {"what", error.what()}});
  }
}

void Exchange::authenticate(auth::Authenticator& authenticator, const std::string& token) {
  if (detached()) return;
  auto identity = authenticator.authenticate(token);
  MutexLock lock(mutex_);
  identity_ = std::move(identity);
  wake();
}

void Exchange::complete(Response response) {
  MutexLock lock(mutex_);
  if (link_ == nullptr || answer_) return;
  answer_ = Answer{std::move(response), nullptr};
  wake();
}

std::unique_ptr<Responder::Stream> Exchange::open_stream(Response head) {
  MutexLock lock(mutex_);
  auto buffer = std::make_shared<StreamBuffer>(link_, limits::kStreamBufferBytes);
  if (link_ != nullptr && !answer_) {
    answer_ = Answer{std::move(head), buffer};
    wake();
  } else {
    buffer->detach();
  }
  return make_stream_handle(std::move(buffer));
}

void Exchange::abandon() {
  complete(Response::problem({ErrorKind::kInternal, "internal", "The server failed on this request.",
                              "Report it with the request id.", {}},
                             request_id_));
}

std::optional<Answer> Exchange::take_answer() {
  MutexLock lock(mutex_);
  awaited_ = !answer_.has_value();
  if (answer_) link_ = nullptr;
  return std::exchange(answer_, std::nullopt);
}

std::optional<Identity> Exchange::take_identity() {
  MutexLock lock(mutex_);
  awaited_ = !identity_.has_value();
  return std::exchange(identity_, std::nullopt);
}

// A stream that was opened and not yet taken hears of it too: its handler must not write on.
void Exchange::detach() {
  MutexLock lock(mutex_);
  if (answer_ && answer_->stream) answer_->stream->detach();
  answer_.reset();
  link_ = nullptr;
}

bool Exchange::detached() const {
  MutexLock lock(mutex_);
  return link_ == nullptr;
}

// Under the lock, so that nobody is woken after detach(). Before the connection has asked, it needs no
// waking: an inline handler's answer costs no trip through the event loop.
void Exchange::wake() {
  if (link_ != nullptr && std::exchange(awaited_, false)) link_->notify();
}

}  // namespace sluice::http::serving
