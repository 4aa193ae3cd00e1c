#include "platform/http/serving/incoming_body.h"

#include <exception>
#include <utility>

namespace sluice::http::serving {

void IncomingBody::read(OnChunk on_chunk) {
  std::optional<Outcome> outcome;
  {
    MutexLock lock(mutex_);
    SLUICE_ASSERT(!waiting_);
    outcome = outcome_;
    if (!outcome) {
      waiting_ = std::move(on_chunk);
      if (std::exchange(awaited_, false)) link_->notify();
    }
  }
  if (outcome) call(on_chunk, std::move(*outcome));
}

bool IncomingBody::wanted() {
  MutexLock lock(mutex_);
  awaited_ = !waiting_;
  return !awaited_;
}

void IncomingBody::give(std::string chunk) {
  OnChunk on_chunk;
  {
    MutexLock lock(mutex_);
    on_chunk = std::exchange(waiting_, nullptr);
  }
  call(on_chunk, std::optional<std::string>(std::move(chunk)));
}

void IncomingBody::finish(Outcome outcome) {
  OnChunk on_chunk;
  std::shared_ptr<Link> link;  // goes without the lock
  {
    MutexLock lock(mutex_);
    on_chunk = std::exchange(waiting_, nullptr);
    link = std::exchange(link_, nullptr);
    outcome_ = outcome;
  }
  if (on_chunk) call(on_chunk, std::move(outcome));
}

// What a handler throws ends here, as in Exchange::run(): its responder is dropped with the callback, and
// that is an answer.
void IncomingBody::call(const OnChunk& on_chunk, Outcome outcome) const {
  try {
    on_chunk(std::move(outcome));
  } catch (const std::exception& error) {
    logger_.error("a handler failed on its body", {{"request_id", request_id_}, {"what", error.what()}});
  }
}

}  // namespace sluice::http::serving
