#include "platform/metrics/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

namespace sluice::metrics {
namespace {

double resident_memory_bytes() {
  std::ifstream statm("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  statm >> total_pages >> resident_pages;
  return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc/self/fd", error);
  double count = -1;  // the descriptor that reads the folder is not one of ours
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error))
    ++count;
  return count;
}

}  // namespace

void register_process_metrics(Registry& registry, TimePoint process_start) {
  registry.gauge_callback("process_resident_memory_bytes", "Resident memory size in bytes.",
                          resident_memory_bytes);
  registry.counter_callback("process_cpu_seconds_total",
                            "User and system CPU time spent in seconds.", cpu_seconds);
  registry.gauge_callback("process_open_fds", "Number of open file descriptors.", open_fds);
  const double start = static_cast<double>(process_start.time_since_epoch().count()) / 1000.0;
  registry.gauge_callback("process_start_time_seconds",
                          "Start time of the process since the Unix epoch in seconds.",
                          [start] { return start; });
}

}  // namespace sluice::metrics
