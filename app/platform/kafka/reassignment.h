// Where replicas are, how large they are, and where they are to be. Plain structs of the admin calls
// that librdkafka lacks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::kafka {

// The partition's replicas as they are to be, the preferred leader first.
struct ReplicaMove {
  std::string topic;
  std::int32_t partition = 0;
  std::vector<std::int32_t> replicas;

  bool operator==(const ReplicaMove&) const = default;
};

// A partition whose replicas are under way.
struct Reassignment {
  std::string topic;
  std::int32_t partition = 0;
  std::vector<std::int32_t> replicas;  // those that are to stay, and those that are to go
  std::vector<std::int32_t> adding;
  std::vector<std::int32_t> removing;

  // Where it ends: `replicas` without those that go.
  [[nodiscard]] std::vector<std::int32_t> target() const;
  bool operator==(const Reassignment&) const = default;
};

struct ReplicaSize {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t bytes = 0;

  bool operator==(const ReplicaSize&) const = default;
};

}  // namespace sluice::kafka
