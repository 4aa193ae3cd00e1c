#include "bare_requests.h"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <span>
#include <vector>

namespace sluice::bench {
namespace {

constexpr int kTimeoutMs = 30'000;
constexpr std::size_t kBatch = 500;

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "bare requests: {}\n", what);
  std::exit(1);
}

void expect_none(rd_kafka_resp_err_t error, const char* what) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) fail(fmt::format("{}: {}", what, rd_kafka_err2str(error)));
}

template <auto kDestroy>
struct Destroyer {
  template <typename T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};
template <typename T, auto kDestroy>
using Handle = std::unique_ptr<T, Destroyer<kDestroy>>;

using Event = Handle<rd_kafka_event_t, rd_kafka_event_destroy>;
using Queue = Handle<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using Options = Handle<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using Resource = Handle<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using NewTopic = Handle<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using NewPartitions = Handle<rd_kafka_NewPartitions_t, rd_kafka_NewPartitions_destroy>;
using Names = Handle<rd_kafka_TopicCollection_t, rd_kafka_TopicCollection_destroy>;

template <typename T>
std::vector<typename T::pointer> pointers(const std::vector<T>& owners) {
  std::vector<typename T::pointer> bare;
  for (const auto& owner : owners) bare.push_back(owner.get());
  return bare;
}

using Part = std::span<const std::string>;

void in_parts(const std::vector<std::string>& names, const std::function<void(Part)>& ask) {
  const std::span all(names);
  for (std::size_t begin = 0; begin < all.size(); begin += kBatch) {
    ask(all.subspan(begin, std::min(kBatch, all.size() - begin)));
  }
}

}  // namespace

struct BareRequests::Client {
  using Start = std::function<void(const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>;

  Event ask(rd_kafka_admin_op_t operation, bool validate_only, const Start& start) {
    ++requests;
    std::array<char, 256> text{};
    const Options options(rd_kafka_AdminOptions_new(rk.get(), operation));
    expect_none(rd_kafka_AdminOptions_set_request_timeout(options.get(), kTimeoutMs, text.data(),
                                                          text.size()),
                text.data());
    if (validate_only) {
      expect_none(
          rd_kafka_AdminOptions_set_validate_only(options.get(), 1, text.data(), text.size()),
          text.data());
    }
    const Queue queue(rd_kafka_queue_new(rk.get()));
    start(options.get(), queue.get());
    Event event(rd_kafka_queue_poll(queue.get(), kTimeoutMs));
    if (!event) fail("no answer");
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
      fail(rd_kafka_event_error_string(event.get()));
    }
    return event;
  }

  int describe_cluster() {
    const Event event =
        ask(RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER, false, [&](const auto* options, auto* queue) {
          rd_kafka_DescribeCluster(rk.get(), options, queue);
        });
    std::size_t count = 0;
    const auto* const* nodes = rd_kafka_DescribeCluster_result_nodes(
        rd_kafka_event_DescribeCluster_result(event.get()), &count);
    return rd_kafka_Node_id(nodes[0]);
  }

  // How many of them are not there.
  std::size_t missing(Part asked) {
    std::vector<const char*> names;
    for (const auto& name : asked) names.push_back(name.c_str());
    const Names topics(rd_kafka_TopicCollection_of_topic_names(names.data(), names.size()));
    const Event event =
        ask(RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, false, [&](const auto* options, auto* queue) {
          rd_kafka_DescribeTopics(rk.get(), topics.get(), options, queue);
        });
    std::size_t count = 0;
    const auto* const* described = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(event.get()), &count);
    std::size_t count_missing = 0;
    for (std::size_t i = 0; i < count; ++i) {
      count_missing += rd_kafka_error_code(rd_kafka_TopicDescription_error(described[i])) != 0 ? 1 : 0;
    }
    return count_missing;
  }

  void describe_configs(rd_kafka_ResourceType_t type, Part names) {
    std::vector<Resource> resources;
    for (const auto& name : names) {
      resources.emplace_back(rd_kafka_ConfigResource_new(type, name.c_str()));
    }
    auto bare = pointers(resources);
    const Event event =
        ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, false, [&](const auto* options, auto* queue) {
          rd_kafka_DescribeConfigs(rk.get(), bare.data(), bare.size(), options, queue);
        });
    std::size_t count = 0;
    expect_all(rd_kafka_DescribeConfigs_result_resources(
                   rd_kafka_event_DescribeConfigs_result(event.get()), &count),
               count);
  }

  void expect_existing(Part names) {
    std::array<char, 256> text{};
    std::vector<NewTopic> topics;
    for (const auto& name : names) {
      topics.emplace_back(rd_kafka_NewTopic_new(name.c_str(), 1, -1, text.data(), text.size()));
    }
    auto bare = pointers(topics);
    const Event event =
        ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, true, [&](const auto* options, auto* queue) {
          rd_kafka_CreateTopics(rk.get(), bare.data(), bare.size(), options, queue);
        });
    std::size_t count = 0;
    const auto* const* results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
      if (rd_kafka_topic_result_error(results[i]) != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
        fail("a topic is missing");
      }
    }
  }

  void create(Part names, bool validate_only) {
    std::array<char, 256> text{};
    std::vector<NewTopic> topics;
    for (const auto& name : names) {
      auto& topic =
          topics.emplace_back(rd_kafka_NewTopic_new(name.c_str(), 1, 1, text.data(), text.size()));
      expect_none(rd_kafka_NewTopic_set_config(topic.get(), "retention.ms", kRetention), "config");
      expect_none(rd_kafka_NewTopic_set_config(topic.get(), "compression.type", kCompression),
                  "config");
    }
    auto bare = pointers(topics);
    const Event event =
        ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, validate_only, [&](const auto* options, auto* queue) {
          rd_kafka_CreateTopics(rk.get(), bare.data(), bare.size(), options, queue);
        });
    std::size_t count = 0;
    expect_all(rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()),
                                                   &count),
               count);
  }

  void add_partitions(Part names) {
    std::array<char, 256> text{};
    std::vector<NewPartitions> changes;
    for (const auto& name : names) {
      changes.emplace_back(
          rd_kafka_NewPartitions_new(name.c_str(), 2, text.data(), text.size()));
    }
    auto bare = pointers(changes);
    const Event event =
        ask(RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, true, [&](const auto* options, auto* queue) {
          rd_kafka_CreatePartitions(rk.get(), bare.data(), bare.size(), options, queue);
        });
    std::size_t count = 0;
    expect_all(rd_kafka_CreatePartitions_result_topics(
                   rd_kafka_event_CreatePartitions_result(event.get()), &count),
               count);
  }

  void alter_configs(Part names) {
    std::vector<Resource> resources;
    for (const auto& name : names) {
      auto& resource = resources.emplace_back(
          rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
      const rd_kafka_error_t* error = rd_kafka_ConfigResource_add_incremental_config(
          resource.get(), "retention.ms", RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, kOtherRetention);
      if (error != nullptr) fail(rd_kafka_error_string(error));
    }
    auto bare = pointers(resources);
    const Event event = ask(
        RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS, true, [&](const auto* options, auto* queue) {
          rd_kafka_IncrementalAlterConfigs(rk.get(), bare.data(), bare.size(), options, queue);
        });
    std::size_t count = 0;
    expect_all(rd_kafka_IncrementalAlterConfigs_result_resources(
                   rd_kafka_event_IncrementalAlterConfigs_result(event.get()), &count),
               count);
  }

  static void expect_all(const rd_kafka_topic_result_t* const* results, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      expect_none(rd_kafka_topic_result_error(results[i]), rd_kafka_topic_result_name(results[i]));
    }
  }

  static void expect_all(const rd_kafka_ConfigResource_t* const* results, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      expect_none(rd_kafka_ConfigResource_error(results[i]),
                  rd_kafka_ConfigResource_name(results[i]));
    }
  }

  Handle<rd_kafka_t, rd_kafka_destroy> rk;
  int requests = 0;
};

BareRequests::BareRequests(const std::string& bootstrap_servers)
    : client_(std::make_unique<Client>()) {
  std::array<char, 256> text{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  if (rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap_servers.c_str(), text.data(),
                        text.size()) != RD_KAFKA_CONF_OK) {
    fail(text.data());
  }
  client_->rk.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, text.data(), text.size()));
  if (!client_->rk) fail(text.data());
}

BareRequests::~BareRequests() = default;

int BareRequests::run(const Workload& workload) {
  client_->requests = 0;
  const std::string broker = std::to_string(client_->describe_cluster());
  client_->describe_configs(RD_KAFKA_RESOURCE_BROKER, {&broker, 1});
  const std::size_t missing = client_->missing(workload.items);
  if (missing != workload.creates.size()) fail(fmt::format("{} topics are missing", missing));
  std::vector<std::string> present;
  std::ranges::copy_if(workload.items, std::back_inserter(present), [&](const auto& name) {
    return !std::ranges::binary_search(workload.creates, name);
  });
  in_parts(present, [&](Part names) { client_->describe_configs(RD_KAFKA_RESOURCE_TOPIC, names); });
  in_parts(workload.creates, [&](Part names) { client_->create(names, true); });
  // What is asked nothing else is asked whether it exists.
  std::vector<std::string> unchanged;
  std::ranges::copy_if(present, std::back_inserter(unchanged), [&](const auto& name) {
    return std::ranges::find(workload.more_partitions, name) == workload.more_partitions.end() &&
           std::ranges::find(workload.other_retention, name) == workload.other_retention.end();
  });
  in_parts(unchanged, [&](Part names) { client_->expect_existing(names); });
  in_parts(workload.more_partitions, [&](Part names) { client_->add_partitions(names); });
  in_parts(workload.other_retention, [&](Part names) { client_->alter_configs(names); });
  return client_->requests;
}

void BareRequests::create_for_real(const Workload& workload) {
  in_parts(workload.creates, [&](Part names) {
    const std::string broker = std::to_string(client_->describe_cluster());
    client_->describe_configs(RD_KAFKA_RESOURCE_BROKER, {&broker, 1});
    if (client_->missing(names) != names.size()) fail("a topic is there already");
    client_->create(names, false);
    while (client_->missing(names) > 0) continue;
    client_->describe_configs(RD_KAFKA_RESOURCE_TOPIC, names);
  });
}

int BareRequests::describe(const std::vector<std::string>& names) {
  client_->requests = 0;
  in_parts(names, [&](Part part) {
    const std::string broker = std::to_string(client_->describe_cluster());
    client_->describe_configs(RD_KAFKA_RESOURCE_BROKER, {&broker, 1});
    if (client_->missing(part) > 0) fail("a topic is missing");
    client_->describe_configs(RD_KAFKA_RESOURCE_TOPIC, part);
  });
  return client_->requests;
}

}  // namespace sluice::bench
