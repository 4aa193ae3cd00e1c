// What the admin calls share: one request with its own queue, and a list call in batches.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/batching.h"
#include "platform/kafka/detail/client.h"
#include "platform/kafka/detail/item_call.h"
#include "platform/kafka/wire/session.h"

namespace sluice::kafka {

namespace detail {

struct Api {
  std::string_view name;  // for messages and the metric's label
  rd_kafka_admin_op_t op;
};

struct RequestOptions {
  Deadline deadline;
  ValidateOnly validate_only = ValidateOnly::kNo;
  std::size_t requests = 1;  // what requests() counts for it
};

using StartRequest = std::function<void(const rd_kafka_AdminOptions_t*, rd_kafka_queue_t*)>;
using CostOf = std::function<ItemCost(std::size_t item)>;

}  // namespace detail

struct Admin::Impl {
  Impl(std::unique_ptr<detail::Client> owned, Result<wire::Identity> who, const log::Logger& logger)
      : client(std::move(owned)), identity(std::move(who)), loop(*client, "kafka/admin", logger) {}

  [[nodiscard]] rd_kafka_t* rk() const { return client->get(); }

  // Starts one librdkafka admin call and waits for its event; an event with an error is an Error.
  Result<detail::EventHandle> request(const detail::Api& api, const detail::RequestOptions& options,
                                      const detail::StartRequest& start);
  Result<detail::EventHandle> request_once(const detail::Api& api, const detail::RequestOptions& options,
                                           const detail::StartRequest& start);

  // One request over a connection of our own, for what librdkafka has no call for.
  Result<std::string> ask_broker(const wire::Api& api, std::string_view body, const Cluster& cluster,
                                 std::int32_t broker_id, Deadline deadline);

  // Asks for every unanswered item, batch after batch, and counts the errors.
  template <typename T>
  ItemResults<T> in_batches(detail::ItemCall<T> call, const detail::BatchLimits& limits,
                            const detail::CostOf& cost_of, Deadline deadline,
                            const std::function<Status(std::span<const std::size_t>,
                                                       detail::ItemCall<T>&)>& ask) {
    const auto items = call.unanswered();
    std::vector<detail::ItemCost> costs;
    costs.reserve(items.size());
    for (const auto item : items) costs.push_back(cost_of(item));
    for (const auto& batch : detail::split_batches(costs, limits)) {
      const auto part = std::span(items).subspan(batch.begin, batch.end - batch.begin);
      const Status asked =
          deadline.expired() ? Status(detail::errors::not_sent(call.api())) : ask(part, call);
      if (!asked) call.fail(part, asked.error());
    }
    const std::string_view api = call.api();
    auto results = std::move(call).take();
    for (const auto& result : results) {
      if (!result) client->context().count_error(api, result.error());
    }
    return results;
  }

  std::unique_ptr<detail::Client> client;
  const Result<wire::Identity> identity;  // why not, where librdkafka can and our own connections can't
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> mutating_requests{0};
  detail::PollLoop loop;  // last: ends before the client
};

}  // namespace sluice::kafka
