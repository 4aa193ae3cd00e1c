// Planted: with SLUICE_PLANT_VIOLATION clang must refuse the unlocked read, without it accept all.
#include "platform/core/mutex.h"

namespace {

class Counter {
 public:
  void add() SLUICE_EXCLUDES(mutex_) {
    sluice::MutexLock lock(mutex_);
    ++count_;
  }
#if defined(SLUICE_PLANT_VIOLATION)
  int count() { return count_; }
#else
  int count() SLUICE_EXCLUDES(mutex_) {
    sluice::MutexLock lock(mutex_);
    return count_;
  }
#endif

 private:
  sluice::Mutex mutex_;
  int count_ SLUICE_GUARDED_BY(mutex_) = 0;
};

}  // namespace

int main() {
  Counter counter;
  counter.add();
  return counter.count();
}
