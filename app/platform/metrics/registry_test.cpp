#include "platform/metrics/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "platform/metrics/process_metrics.h"

namespace sluice::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Registry, RendersFamiliesByNameWithHelpAndTypeOnce) {
  Registry registry;
  registry.gauge("z_backlog", "Rows waiting.").with({}).set(2.5);
  auto& requests = registry.counter("a_requests_total", "Requests.", {"route", "status"});
  requests.with({"/v1/topics", "200"}).inc();
  requests.with({"/v1/topics", "200"}).inc(2);
  requests.with({"/health/live", "200"}).inc();
  EXPECT_EQ(registry.render(),
            "# HELP a_requests_total Requests.\n"
            "# TYPE a_requests_total counter\n"
            "a_requests_total{route=\"/health/live\",status=\"200\"} 1\n"
            "a_requests_total{route=\"/v1/topics\",status=\"200\"} 3\n"
            "# HELP z_backlog Rows waiting.\n"
            "# TYPE z_backlog gauge\n"
            "z_backlog 2.5\n");
  EXPECT_THAT(registry.names(), testing::ElementsAre("a_requests_total", "z_backlog"));
}

TEST(Registry, RendersHistogramBucketsCumulativelyUpToInfinity) {
  Registry registry;
  auto& latency =
      registry.histogram("latency_seconds", "How long.", {0.1, 1}, {"op"}).with({"read"});
  for (const double value : {0.05, 0.1, 0.5, 7.0}) latency.observe(value);
  EXPECT_EQ(registry.render(),
            "# HELP latency_seconds How long.\n"
            "# TYPE latency_seconds histogram\n"
            "latency_seconds_bucket{op=\"read\",le=\"0.1\"} 2\n"
            "latency_seconds_bucket{op=\"read\",le=\"1\"} 3\n"
            "latency_seconds_bucket{op=\"read\",le=\"+Inf\"} 4\n"
            "latency_seconds_sum{op=\"read\"} 7.65\n"
            "latency_seconds_count{op=\"read\"} 4\n");
}

TEST(Registry, EscapesHelpAndLabelValues) {
  Registry registry;
  registry.counter("c", "back\\slash \"quote\"\nline", {"name"}).with({"a\\b\"c\nd"}).inc();
  EXPECT_EQ(registry.render(),
            "# HELP c back\\\\slash \"quote\"\\nline\n"
            "# TYPE c counter\n"
            "c{name=\"a\\\\b\\\"c\\nd\"} 1\n");
}

TEST(Registry, WritesNumbersAsPrometheusReadsThem) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<double, std::string>> cases = {{0, "0"},
                                                             {-1, "-1"},
                                                             {1e21, "1e+21"},
                                                             {0.1, "0.1"},
                                                             {1024, "1024"},
                                                             {kInfinity, "+Inf"},
                                                             {-kInfinity, "-Inf"},
                                                             {std::nan(""), "NaN"},
                                                             {4294967296.0, "4294967296"}};
  for (const auto& [value, text] : cases) {
    Registry registry;
    registry.gauge("g", "g").with({}).set(value);
    EXPECT_THAT(registry.render(), HasSubstr("\ng " + text + "\n"));
  }
}

TEST(Registry, CountsLabelSetsBeyondTheCapAsOther) {
  Registry registry;
  auto& family = registry.counter("c", "c", {"a", "b"});
  for (std::size_t i = 0; i < kMaxChildren + 500; ++i) family.with({std::to_string(i), "x"}).inc();
  std::size_t children = 0;
  family.each([&](const auto&, const Counter&) { ++children; });
  EXPECT_EQ(children, kMaxChildren);
  EXPECT_EQ(family.with({"other", "other"}).value(), 501);
  EXPECT_EQ(family.with({"7", "x"}).value(), 1);
}

TEST(Registry, GivesTheSameFamilyForTheSameName) {
  Registry registry;
  EXPECT_EQ(&registry.counter("c", "c", {"a"}), &registry.counter("c", "again", {"a"}));
}

TEST(RegistryDeathTest, StopsOnAnotherKindOtherLabelsOrAWrongName) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Registry registry;
  registry.counter("c", "c", {"a"});
  EXPECT_DEATH(registry.gauge("c", "c", {"a"}), "broken invariant");
  EXPECT_DEATH(registry.counter("c", "c", {"b"}), "broken invariant");
  EXPECT_DEATH(registry.counter("1c", "c"), "broken invariant");
  EXPECT_DEATH(registry.counter("d", "c", {"a-b"}), "broken invariant");
  EXPECT_DEATH(registry.counter("c", "c", {"a"}).with({}), "broken invariant");
}

TEST(Histogram, IgnoresNotANumber) {
  Histogram histogram({1});
  histogram.observe(std::nan(""));
  EXPECT_EQ(histogram.cumulative(1), 0U);
  EXPECT_EQ(histogram.sum(), 0);
}

TEST(Registry, LosesNoIncrementAmongThreads) {
  Registry registry;
  constexpr int kThreads = 4;
  constexpr int kIncrements = 10'000;
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < kIncrements; ++n) {
          registry.counter("c", "c", {"l"}).with({std::to_string(n % 3)}).inc();
        }
      });
    }
    EXPECT_THAT(registry.render(), Not(HasSubstr("gauge")));
  }
  double sum = 0;
  registry.counter("c", "c", {"l"}).each([&](const auto&, const Counter& c) { sum += c.value(); });
  EXPECT_EQ(sum, kThreads * kIncrements);
}

TEST(ProcessMetrics, TellMemoryCpuDescriptorsAndStart) {
  Registry registry;
  register_process_metrics(registry, TimePoint{std::chrono::milliseconds{1'700'000'000'500}});
  const std::string page = registry.render();
  EXPECT_THAT(page, HasSubstr("\nprocess_start_time_seconds 1700000000.5\n"));
  EXPECT_THAT(page, HasSubstr("# TYPE process_cpu_seconds_total counter\n"));
  EXPECT_THAT(page, Not(HasSubstr("\nprocess_resident_memory_bytes 0\n")));
  EXPECT_THAT(page, testing::ContainsRegex("\nprocess_open_fds [1-9][0-9]*\n"));
}

}  // namespace
}  // namespace sluice::metrics
