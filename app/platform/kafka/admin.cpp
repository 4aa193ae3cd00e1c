#include "platform/kafka/admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "platform/core/mutex.h"
#include "platform/kafka/detail/admin_impl.h"

namespace sluice::kafka {

using detail::Api;
using detail::ClientContext;
using detail::EventHandle;

namespace {

// librdkafka tells in words whether it still looked for a broker when its time was up.
bool was_sent(std::string_view words) {
  static constexpr std::string_view kLooking[] = {"waiting for controller", "waiting for broker",
                                                  "waiting for a valid list of brokers"};
  return std::ranges::none_of(kLooking, [&](std::string_view state) {
    return words.find(state) != std::string_view::npos;
  });
}

// librdkafka's own report says more than our giving up: it gets the deadline a little earlier.
int request_timeout(Deadline deadline) {
  const auto left = deadline.remaining();
  const auto reserve = std::min(left / 10, std::chrono::milliseconds{200});
  constexpr std::chrono::milliseconds kMost{3'600'000};
  return std::max(1, detail::to_timeout(std::min(left - reserve, kMost)));
}

bool changes_the_cluster(const Api& api, ValidateOnly validate_only) {
  switch (api.op) {
    case RD_KAFKA_ADMIN_OP_CREATETOPICS:
    case RD_KAFKA_ADMIN_OP_CREATEPARTITIONS:
    case RD_KAFKA_ADMIN_OP_DELETETOPICS:
    case RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS: return validate_only == ValidateOnly::kNo;
    default: return false;  // the others that we call only read
  }
}

bool has_operation_timeout(rd_kafka_admin_op_t op) {
  return op == RD_KAFKA_ADMIN_OP_CREATETOPICS || op == RD_KAFKA_ADMIN_OP_CREATEPARTITIONS ||
         op == RD_KAFKA_ADMIN_OP_DELETETOPICS;
}

detail::AdminOptionsHandle make_options(rd_kafka_t* rk, const Api& api,
                                        const detail::RequestOptions& options) {
  detail::AdminOptionsHandle handle(rd_kafka_AdminOptions_new(rk, api.op));
  std::array<char, 256> text{};
  const int timeout = request_timeout(options.deadline);
  bool set = rd_kafka_AdminOptions_set_request_timeout(handle.get(), timeout, text.data(),
                                                       text.size()) == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (has_operation_timeout(api.op)) {
    set &= rd_kafka_AdminOptions_set_operation_timeout(handle.get(), timeout, text.data(),
                                                       text.size()) == RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  if (options.validate_only == ValidateOnly::kYes) {
    set &= rd_kafka_AdminOptions_set_validate_only(handle.get(), 1, text.data(), text.size()) ==
           RD_KAFKA_RESP_ERR_NO_ERROR;
  }
  SLUICE_ASSERT(set);  // a validate_only that is not taken would change the cluster
  return handle;
}

}  // namespace

// A broker that goes away between librdkafka's look at it and the making of the request has no known features then:
// it is taken for one of a version that does not know the request. Nothing was sent; the next try waits for it.
Result<EventHandle> Admin::Impl::request(const Api& api, const detail::RequestOptions& options,
                                         const detail::StartRequest& start) {
  constexpr int kTries = 3;
  auto event = request_once(api, options, start);
  for (int i = 1; i < kTries && !event && event.error().code == "kafka.unsupported-feature"; ++i) {
    event = request_once(api, options, start);
  }
  return event;
}

Result<EventHandle> Admin::Impl::request_once(const Api& api, const detail::RequestOptions& options,
                                              const detail::StartRequest& start) {
  if (options.deadline.expired()) return detail::errors::not_sent(api.name);
  const auto admin_options = make_options(rk(), api, options);
  const detail::QueueHandle queue(rd_kafka_queue_new(rk()));
  if (changes_the_cluster(api, options.validate_only)) mutating_requests += options.requests;
  start(admin_options.get(), queue.get());
  requests += options.requests;

  EventHandle event(
      rd_kafka_queue_poll(queue.get(), detail::to_timeout(options.deadline.remaining())));
  auto& context = client->context();
  if (!event) {
    const std::string words = fmt::format("{}: no answer before the deadline", api.name);
    return context.explain(detail::make_error(RD_KAFKA_RESP_ERR__TIMED_OUT, words.c_str()),
                           ClientContext::Sent::kPerhaps);
  }
  const auto code = rd_kafka_event_error(event.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
    context.answered();
    return event;
  }
  const char* words = rd_kafka_event_error_string(event.get());
  const auto sent = was_sent(words) ? ClientContext::Sent::kPerhaps : ClientContext::Sent::kNo;
  if (code == RD_KAFKA_RESP_ERR__TRANSPORT && sent == ClientContext::Sent::kPerhaps) {
    return detail::errors::connection_lost(words);  // librdkafka sends an admin request only once
  }
  return context.explain(detail::make_error(code, words), sent);
}

Admin::Admin(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Admin::~Admin() = default;

Result<std::unique_ptr<Admin>> Admin::open(const ClientOptions& options) {
  auto context = std::make_unique<ClientContext>(options, ClientKind::kAdmin);
  SLUICE_TRY(auto client,
             detail::Client::open(options, ClientKind::kAdmin, std::move(context)));
  auto identity = wire::read_security(options.properties).transform([&](wire::Security&& security) {
    return wire::Identity{std::move(security), fmt::format("sluice/{}", options.role)};
  });
  return std::make_unique<Admin>(std::make_unique<Impl>(std::move(client), std::move(identity), options.logger));
}

std::uint64_t Admin::requests() const { return impl_->requests; }
std::uint64_t Admin::mutating_requests() const { return impl_->mutating_requests; }

namespace {

Broker to_broker(const rd_kafka_Node_t& node) {
  const char* rack = rd_kafka_Node_rack(&node);
  return Broker{rd_kafka_Node_id(&node), rd_kafka_Node_host(&node), rd_kafka_Node_port(&node),
                rack == nullptr ? "" : rack};
}

}  // namespace

Result<Cluster> Admin::cluster(Deadline deadline) {
  static constexpr Api kApi{"DescribeCluster", RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER};
  auto event = impl_->request(kApi, {deadline}, [&](const auto* options, auto* queue) {
    rd_kafka_DescribeCluster(impl_->rk(), options, queue);
  });
  if (!event) {
    impl_->client->context().count_error(kApi.name, event.error());
    return event.error();
  }
  const auto* result = rd_kafka_event_DescribeCluster_result(event->get());
  Cluster cluster;
  if (const char* id = rd_kafka_DescribeCluster_result_cluster_id(result)) cluster.cluster_id = id;
  if (const auto* node = rd_kafka_DescribeCluster_result_controller(result)) {
    cluster.controller_id = rd_kafka_Node_id(node);
  }
  detail::Array<const rd_kafka_Node_t*> nodes;
  nodes.items = rd_kafka_DescribeCluster_result_nodes(result, &nodes.count);
  for (const auto* node : nodes) cluster.brokers.push_back(to_broker(*node));
  std::ranges::sort(cluster.brokers, {}, &Broker::id);
  return cluster;
}

std::string_view to_string(ConfigSource source) {
  switch (source) {
    case ConfigSource::kTopic: return "topic";
    case ConfigSource::kBrokerDynamic: return "broker-dynamic";
    case ConfigSource::kClusterDynamic: return "cluster-dynamic";
    case ConfigSource::kBrokerStatic: return "broker-static";
    case ConfigSource::kDefault: return "default";
    case ConfigSource::kUnknown: return "unknown";
  }
  return "unknown";
}

}  // namespace sluice::kafka
