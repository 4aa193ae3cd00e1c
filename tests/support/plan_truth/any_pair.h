// Random pairs of what is there and what is asked for. Most of it makes sense, so that most plans can be
// applied; the rest is what people get wrong. The same seed gives the same pair.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/topic/topic_batch.h"

namespace sluice::test {

struct Pair {
  std::uint64_t seed = 0;
  std::vector<governance::domain::CreateProbe> there;  // made before anything is planned
  governance::domain::TopicBatch batch;
};

struct PairOptions {
  std::string prefix;            // of every topic's name: pairs with different ones don't meet
  std::int32_t brokers = 1;
  std::size_t most_topics = 4;
  bool changes_replication = false;  // of topics that are there
  // One in so many values, counts and names is one that Kafka or a rule refuses; 0: none.
  std::size_t one_wrong_in = 60;
};

Pair any_pair(std::uint64_t seed, const PairOptions& options);
// Every topic that the pair has to do with.
std::vector<governance::domain::TopicName> names_in(const Pair& pair);
// The smallest pair found that still fails, by leaving out one thing after the other.
Pair smallest(Pair pair, const std::function<bool(const Pair&)>& fails);
// As YAML that `sluice plan` takes, and what has to be there: to try a failure by hand.
std::string describe(const Pair& pair);

// What one random choice needs; tests of other properties draw from it too.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool one_in(std::size_t n) { return n > 0 && below(n) == 0; }
  template <typename List>
  const auto& any_of(const List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 random_;
};

// SLUICE_TEST_SEED, or a new one.
std::uint64_t test_seed();

}  // namespace sluice::test
