// Between the handler that pulls a streamed body, from any thread, and the connection that has it, on
// its I/O thread. Holds no bytes: a piece goes from the connection's buffer to the handler.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "platform/core/mutex.h"
#include "platform/http/body_stream.h"
#include "platform/http/serving/link.h"
#include "platform/log/logger.h"

namespace sluice::http::serving {

class IncomingBody final : public BodyStream {
 public:
  using Outcome = Result<std::optional<std::string>>;

  IncomingBody(std::shared_ptr<Link> link, log::Logger logger, std::string request_id)
      : logger_(std::move(logger)), request_id_(std::move(request_id)), link_(std::move(link)) {}

  void read(OnChunk on_chunk) override SLUICE_EXCLUDES(mutex_);

  // The connection's side. Whether the handler waits for a piece; if not, the link is notified when it does.
  [[nodiscard]] bool wanted() SLUICE_EXCLUDES(mutex_);
  // Only when wanted.
  void give(std::string chunk) SLUICE_EXCLUDES(mutex_);
  // The end or a failure: answers this and every later read. Nobody is notified any more.
  void finish(Outcome outcome) SLUICE_EXCLUDES(mutex_);

 private:
  void call(const OnChunk& on_chunk, Outcome outcome) const;

  const log::Logger logger_;
  const std::string request_id_;
  Mutex mutex_;
  std::shared_ptr<Link> link_ SLUICE_GUARDED_BY(mutex_);  // null = finished
  OnChunk waiting_ SLUICE_GUARDED_BY(mutex_);
  std::optional<Outcome> outcome_ SLUICE_GUARDED_BY(mutex_);
  bool awaited_ SLUICE_GUARDED_BY(mutex_) = false;  // the connection asked and nobody wanted
};

}  // namespace sluice::http::serving
