// One request on its way through a handler, and the answer on its way back. The connection fills in
// the request and waits; the handler answers once, from any thread. After detach() (deadline passed,
// client gone, server stopping) answers are ignored.
#pragma once

#include <memory>
#include <optional>

#include "platform/core/mutex.h"
#include "platform/core/result.h"
#include "platform/http/channel.h"
#include "platform/http/serving/link.h"
#include "platform/http/serving/stream_buffer.h"
#include "platform/log/logger.h"

namespace sluice::http::serving {

struct Answer {
  Response response;
  std::shared_ptr<StreamBuffer> stream;  // null = the whole body is in the response
};

using Identity = Result<std::shared_ptr<const auth::Principal>>;

class Exchange final : public Responder::Channel, public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(std::shared_ptr<Link> link, log::Logger logger) : logger_(std::move(logger)), link_(std::move(link)) {}

  // The connection's until run() or authenticate() begins.
  Request request;
  const Route* route = nullptr;

  // Calls the handler, on this thread; an exception out of it is an answer of 500. Nothing happens
  // when nobody waits any more.
  void run();
  // Asks who holds `token`, on this thread (it may block).
  void authenticate(auth::Authenticator& authenticator, const std::string& token);

  void complete(Response response) override SLUICE_EXCLUDES(mutex_);
  std::unique_ptr<Responder::Stream> open_stream(Response head) override SLUICE_EXCLUDES(mutex_);
  void abandon() override;

  // The connection's side. Each gives its result once; empty = not yet, and the link is notified
  // then. An answer taken detaches.
  std::optional<Answer> take_answer() SLUICE_EXCLUDES(mutex_);
  std::optional<Identity> take_identity() SLUICE_EXCLUDES(mutex_);
  void detach() SLUICE_EXCLUDES(mutex_);

 private:
  void wake() SLUICE_REQUIRES(mutex_);
  [[nodiscard]] bool detached() const SLUICE_EXCLUDES(mutex_);

  log::Logger logger_;
  std::string request_id_;  // the handler owns the request's
  mutable Mutex mutex_;
  std::shared_ptr<Link> link_ SLUICE_GUARDED_BY(mutex_);  // null = detached
  std::optional<Answer> answer_ SLUICE_GUARDED_BY(mutex_);
  std::optional<Identity> identity_ SLUICE_GUARDED_BY(mutex_);
  bool awaited_ SLUICE_GUARDED_BY(mutex_) = false;  // the connection asked and got nothing
};

}  // namespace sluice::http::serving
