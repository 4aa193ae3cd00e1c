// What the Kafka tests share: options for the real broker and topics of their own that end with the
// test.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "platform/core/deadline.h"
#include "platform/kafka/admin.h"
#include "platform/metrics/registry.h"

namespace sluice::kafka::test {

inline Deadline soon() { return Deadline::after(std::chrono::seconds{20}); }

class ClusterTest : public ::testing::Test {
 protected:
  explicit ClusterTest(std::string server_key = "SLUICE_TEST_KAFKA");
  ~ClusterTest() override;

  ClientOptions options(std::string role, Properties more = {});
  // "t-<random>-<suffix>", deleted after the test.
  std::string topic_name(const std::string& suffix);
  // Created and visible with a leader for every partition.
  std::string make_topic(const std::string& suffix, int partitions = 1,
                         std::map<std::string, std::string> configs = {});
  void delete_later(const std::string& topic) { topics_.push_back(topic); }

  const std::string server_key_;
  metrics::Registry metrics_;
  std::string run_;
  std::unique_ptr<Admin> admin_;

 private:
  std::vector<std::string> topics_;
};

}  // namespace sluice::kafka::test
