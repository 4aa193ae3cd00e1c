#include "platform/http/serving/stream_buffer.h"

namespace sluice::http::serving {
namespace {

class Handle final : public Responder::Stream {
 public:
  explicit Handle(std::shared_ptr<StreamBuffer> buffer) : buffer_(std::move(buffer)) {}
  ~Handle() override { buffer_->end(); }
  bool write(std::string_view bytes) override { return buffer_->write(bytes); }
  bool write_within(std::string_view bytes, Deadline deadline) override {
    return buffer_->write_within(bytes, deadline);
  }
  void cut() override { buffer_->cut(); }
  [[nodiscard]] bool open() const override { return buffer_->open(); }

 private:
  std::shared_ptr<StreamBuffer> buffer_;
};

}  // namespace

bool StreamBuffer::has_room(std::size_t bytes) const { return waiting_.size() + in_flight_ + bytes <= limit_; }

bool StreamBuffer::append(std::string_view bytes) {
  if (link_ == nullptr || cut_) return false;
  if (!has_room(bytes.size())) {
    cut_ = true;
    wake();
    return false;
  }
  waiting_.append(bytes);
  if (!bytes.empty()) wake();
  return true;
}

bool StreamBuffer::write(std::string_view bytes) {
  MutexLock lock(mutex_);
  return append(bytes);
}

bool StreamBuffer::write_within(std::string_view bytes, Deadline deadline) {
  MutexLock lock(mutex_);
  while (link_ != nullptr && !cut_ && !has_room(bytes.size())) {
    if (!taken_.wait_until(mutex_, deadline)) break;
  }
  return append(bytes);
}

void StreamBuffer::cut() {
  MutexLock lock(mutex_);
  cut_ = true;
  wake();
}

void StreamBuffer::end() {
  MutexLock lock(mutex_);
  ended_ = true;
  wake();
}

bool StreamBuffer::open() const {
  MutexLock lock(mutex_);
  return link_ != nullptr && !cut_;
}

StreamBuffer::Next StreamBuffer::take(std::string& bytes) {
  MutexLock lock(mutex_);
  woken_ = false;
  bytes.clear();
  in_flight_ = waiting_.size();
  taken_.notify_all();
  if (cut_) return Next::kCut;
  if (!waiting_.empty()) {
    bytes.swap(waiting_);
    return Next::kBytes;
  }
  return ended_ ? Next::kEnd : Next::kNothing;
}

void StreamBuffer::detach() {
  MutexLock lock(mutex_);
  link_ = nullptr;
  taken_.notify_all();
}

// Under the lock, so that nobody is woken after detach().
void StreamBuffer::wake() {
  if (link_ == nullptr || woken_) return;
  woken_ = true;
  link_->notify();
}

std::unique_ptr<Responder::Stream> make_stream_handle(std::shared_ptr<StreamBuffer> buffer) {
  return std::make_unique<Handle>(std::move(buffer));
}

}  // namespace sluice::http::serving
