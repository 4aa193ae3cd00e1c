// What a handler has streamed and the socket has not taken yet, at most `limit` bytes of it. The
// handler's side writes from any thread and never blocks, unless it asks to; the connection takes on its
// I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "platform/core/mutex.h"
#include "platform/http/message.h"
#include "platform/http/serving/link.h"

namespace sluice::http::serving {

class StreamBuffer {
 public:
  StreamBuffer(std::shared_ptr<Link> link, std::size_t limit) : limit_(limit), link_(std::move(link)) {}

  // The handler's side. False when the stream is cut: the client is gone or too slow.
  bool write(std::string_view bytes) SLUICE_EXCLUDES(mutex_);
  bool write_within(std::string_view bytes, Deadline deadline) SLUICE_EXCLUDES(mutex_);
  void cut() SLUICE_EXCLUDES(mutex_);
  void end() SLUICE_EXCLUDES(mutex_);
  [[nodiscard]] bool open() const SLUICE_EXCLUDES(mutex_);

  // The connection's side.
  enum class Next : std::uint8_t { kNothing, kBytes, kEnd, kCut };
  // Moves what is waiting into `bytes`; it counts against the limit until the next call.
  Next take(std::string& bytes) SLUICE_EXCLUDES(mutex_);
  // The client is gone, or the server stops: writes fail from now on and nobody is woken any more.
  void detach() SLUICE_EXCLUDES(mutex_);

 private:
  void wake() SLUICE_REQUIRES(mutex_);
  bool append(std::string_view bytes) SLUICE_REQUIRES(mutex_);
  [[nodiscard]] bool has_room(std::size_t bytes) const SLUICE_REQUIRES(mutex_);

  const std::size_t limit_;
  mutable Mutex mutex_;
  ConditionVariable taken_;
  std::shared_ptr<Link> link_ SLUICE_GUARDED_BY(mutex_);  // null = detached
  std::string waiting_ SLUICE_GUARDED_BY(mutex_);
  std::size_t in_flight_ SLUICE_GUARDED_BY(mutex_) = 0;
  bool woken_ SLUICE_GUARDED_BY(mutex_) = false;
  bool ended_ SLUICE_GUARDED_BY(mutex_) = false;
  bool cut_ SLUICE_GUARDED_BY(mutex_) = false;
};

// The handle that a handler holds; ends the stream when it goes.
std::unique_ptr<Responder::Stream> make_stream_handle(std::shared_ptr<StreamBuffer> buffer);

}  // namespace sluice::http::serving
