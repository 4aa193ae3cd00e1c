#include "platform/core/mutex.h"
#include "platform/http/channel.h"

namespace sluice::http {
namespace {

class Capture final : public Responder::Channel {
 public:
  void complete(Response response) override SLUICE_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      response_ = std::move(response);
      done_ = true;
    }
    completed_.notify_all();
  }
  void abandon() override { complete(Response::text(500, "the handler dropped its responder")); }

  // The stream may outlive the caller's patience: it owns a share of the capture.
  std::unique_ptr<Responder::Stream> open_stream(Response head) override;
  bool append(std::string_view bytes) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    response_.body.append(bytes);
    return true;
  }
  void begin(Response head) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    response_ = std::move(head);
  }
  void end() SLUICE_EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      done_ = true;
    }
    completed_.notify_all();
  }
  Response wait(Deadline deadline) SLUICE_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (!done_)
      if (!completed_.wait_until(mutex_, deadline)) return Response::text(503, "no answer by the deadline");
    return response_;
  }
  std::weak_ptr<Capture> self;

 private:
  Mutex mutex_;
  ConditionVariable completed_;
  Response response_ SLUICE_GUARDED_BY(mutex_);
  bool done_ SLUICE_GUARDED_BY(mutex_) = false;
};

class CaptureStream final : public Responder::Stream {
 public:
  explicit CaptureStream(std::shared_ptr<Capture> capture) : capture_(std::move(capture)) {}
  ~CaptureStream() override { capture_->end(); }
  CaptureStream(const CaptureStream&) = delete;
  CaptureStream& operator=(const CaptureStream&) = delete;
  bool write(std::string_view bytes) override { return capture_->append(bytes); }
  bool write_within(std::string_view bytes, Deadline) override { return capture_->append(bytes); }
  void cut() override {}
  [[nodiscard]] bool open() const override { return true; }

 private:
  std::shared_ptr<Capture> capture_;
};

std::unique_ptr<Responder::Stream> Capture::open_stream(Response head) {
  begin(std::move(head));
  return std::make_unique<CaptureStream>(self.lock());
}

}  // namespace

Response call(const Handler& handler, Request request, Deadline deadline) {
  const auto capture = std::make_shared<Capture>();
  capture->self = capture;
  handler(std::move(request), Responder(capture));
  return capture->wait(deadline);
}

}  // namespace sluice::http
