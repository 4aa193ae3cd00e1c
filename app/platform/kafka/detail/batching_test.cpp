#include "platform/kafka/detail/batching.h"

#include <gmock/gmock.h>

#include <random>

#include "platform/kafka/detail/uuid.h"

namespace sluice::kafka::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Batching, NothingIsNoBatch) { EXPECT_THAT(split_batches({}, {}), IsEmpty()); }

TEST(Batching, SplitsAfterTheItemLimit) {
  EXPECT_THAT(split_batches(std::vector<ItemCost>(1200), {}),
              ElementsAre(Batch{0, 500}, Batch{500, 1000}, Batch{1000, 1200}));
}

TEST(Batching, FillsALimitExactlyAndNotOneMore) {
  const std::vector<ItemCost> costs{{6, 0}, {4, 0}, {1, 0}};
  EXPECT_THAT(split_batches(costs, {.items = 9, .partitions = 10, .records = 9}),
              ElementsAre(Batch{0, 2}, Batch{2, 3}));
}

TEST(Batching, CountsRecordsApartFromPartitions) {
  const std::vector<ItemCost> costs{{1, 5}, {1, 5}, {1, 5}};
  EXPECT_THAT(split_batches(costs, {.items = 9, .partitions = 9, .records = 14}),
              ElementsAre(Batch{0, 2}, Batch{2, 3}));
}

TEST(Batching, AnItemAboveALimitGoesAlone) {
  const std::vector<ItemCost> costs{{1, 0}, {99, 0}, {1, 0}, {1, 0}};
  EXPECT_THAT(split_batches(costs, {.items = 9, .partitions = 10, .records = 9}),
              ElementsAre(Batch{0, 1}, Batch{1, 2}, Batch{2, 4}));
}

TEST(Batching, CoversEveryItemOnceWithinTheLimits) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const BatchLimits limits{.items = 7, .partitions = 40, .records = 60};
  for (int round = 0; round < 200; ++round) {
    std::vector<ItemCost> costs(random() % 60);
    for (auto& cost : costs) cost = {random() % 30, random() % 45};
    std::size_t next = 0;
    for (const auto& batch : split_batches(costs, limits)) {
      ASSERT_EQ(batch.begin, next);
      ASSERT_LT(batch.begin, batch.end);
      ASSERT_LE(batch.end - batch.begin, limits.items);
      ItemCost sum;
      for (auto i = batch.begin; i < batch.end; ++i) {
        sum.partitions += costs[i].partitions;
        sum.records += costs[i].records;
      }
      ASSERT_LE(sum.partitions, limits.partitions);
      ASSERT_LE(sum.records, limits.records);
      next = batch.end;
    }
    ASSERT_EQ(next, costs.size());
  }
}

TEST(Uuid, IsUrlSafeBase64AsKafkaPrintsIt) {
  EXPECT_EQ(format_uuid(0, 1), "AAAAAAAAAAAAAAAAAAAAAQ");
  EXPECT_EQ(format_uuid(-1, -1), "_____________________w");
  EXPECT_EQ(format_uuid(0x7bf0123456789abc, -0x10), "e_ASNFZ4mrz_________8A");
  EXPECT_EQ(format_uuid(0x0123456789abcdef, 0x7edcba9876543210), "ASNFZ4mrze9-3LqYdlQyEA");
}

}  // namespace
}  // namespace sluice::kafka::detail
