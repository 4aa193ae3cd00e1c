// The batch that the dry-run bench sends, and the cluster that it meets: 2,000 topics, of which the
// batch names half; it creates some more.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::bench {

struct Workload {
  std::vector<std::string> existing;  // all topics of the cluster
  std::vector<std::string> items;     // what the batch names, in its order
  std::vector<std::string> creates;
  std::vector<std::string> more_partitions;  // 1 -> 2
  std::vector<std::string> other_retention;  // a day -> two days
};

inline constexpr const char* kRetention = "86400000";
inline constexpr const char* kOtherRetention = "172800000";
inline constexpr const char* kCompression = "zstd";

// Of 1,000 items 600 change nothing, 200 change a config, 100 add a partition, 100 create a topic.
Workload make_workload();
// The body of the request.
std::string to_json(const Workload& workload);

}  // namespace sluice::bench
