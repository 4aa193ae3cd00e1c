// Replicas: sizes, moves, progress. librdkafka has no calls for them, so they go over a connection of
// our own, opened for each question; it is librdkafka that says where the brokers are.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/admin_impl.h"
#include "platform/kafka/wire/session.h"

namespace sluice::kafka {

namespace {

// One request is one record batch of the controller, which holds 10,000 records.
constexpr std::size_t kMovesInOneRequest = 1000;

Status to_status(const wire::Verdict& verdict) {
  if (verdict.code == 0) return {};
  return detail::make_error(static_cast<rd_kafka_resp_err_t>(verdict.code), verdict.words.c_str());
}

std::string name_of(std::string_view topic, std::int32_t partition) { return fmt::format("{}-{}", topic, partition); }

std::int32_t broker_timeout(Deadline deadline) {
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(deadline.remaining().count(), 1, std::numeric_limits<std::int32_t>::max()));
}

// In KRaft any broker passes the controller's requests on; the one that is named as the controller is
// right in every version.
Result<wire::Address> address_of(const Cluster& cluster, std::int32_t broker) {
  const auto found = std::ranges::find(cluster.brokers, broker, &Broker::id);
  if (found == cluster.brokers.end()) {
    return Error{ErrorKind::kUnavailable, "kafka.unreachable", fmt::format("broker {} is not among the live ones", broker),
                 std::string(detail::fix_for("kafka.unreachable")), {}};
  }
  return wire::Address{found->host, found->port};
}

}  // namespace

std::vector<std::int32_t> Reassignment::target() const {
  std::vector<std::int32_t> ids;
  std::ranges::copy_if(replicas, std::back_inserter(ids),
                       [&](std::int32_t id) { return std::ranges::find(removing, id) == removing.end(); });
  return ids;
}

// Requests count as sent once there is a connection to send them on.
Result<std::string> Admin::Impl::ask_broker(const wire::Api& api, std::string_view body, const Cluster& cluster,
                                            std::int32_t broker_id, Deadline deadline) {
  if (!identity) return identity.error();
  SLUICE_TRY(const wire::Address address, address_of(cluster, broker_id));
  SLUICE_TRY(auto session, wire::Session::open(*identity, address, deadline));
  ++requests;
  if (api.key == wire::kAlterReassignments.key) ++mutating_requests;
  return session.call(api, body, deadline);
}

ItemResults<void> Admin::alter_reassignments(std::span<const ReplicaMove> moves, Deadline deadline) {
  const auto ask = [&](std::span<const std::size_t> items, detail::ItemCall<void>& call) -> Status {
    std::vector<ReplicaMove> asked;
    for (const auto item : items) asked.push_back(moves[item]);
    const std::string body = wire::encode_alter_reassignments(asked, broker_timeout(deadline));
    SLUICE_TRY(const Cluster known, cluster(deadline));
    SLUICE_TRY(const std::string answered,
               impl_->ask_broker(wire::kAlterReassignments, body, known, known.controller_id, deadline));
    SLUICE_TRY(const wire::AlterAnswer answer, wire::decode_alter_reassignments(answered));
    SLUICE_CHECK(to_status(answer.verdict));
    for (const auto& move : answer.moves) call.answer(name_of(move.topic, move.partition), to_status(move.verdict));
    return {};
  };
  std::vector<std::string> names;
  for (const auto& move : moves) names.push_back(name_of(move.topic, move.partition));
  return impl_->in_batches<void>({wire::kAlterReassignments.name, std::move(names)}, {.items = kMovesInOneRequest},
                                 [](std::size_t) { return detail::ItemCost{}; }, deadline, ask);
}

Result<std::vector<Reassignment>> Admin::list_reassignments(Deadline deadline) {
  const std::string body = wire::encode_list_reassignments(broker_timeout(deadline));
  SLUICE_TRY(const Cluster known, cluster(deadline));
  SLUICE_TRY(const std::string answered,
             impl_->ask_broker(wire::kListReassignments, body, known, known.controller_id, deadline));
  SLUICE_TRY(wire::ListAnswer answer, wire::decode_list_reassignments(answered));
  SLUICE_CHECK(to_status(answer.verdict));
  return std::move(answer.reassignments);
}

Result<std::vector<ReplicaSize>> Admin::replica_sizes(std::int32_t broker_id, Deadline deadline) {
  SLUICE_TRY(const Cluster known, cluster(deadline));
  SLUICE_TRY(const std::string answered, impl_->ask_broker(wire::kDescribeLogDirs, wire::encode_describe_log_dirs(),
                                                           known, broker_id, deadline));
  SLUICE_TRY(wire::LogDirs found, wire::decode_describe_log_dirs(answered));
  if (!found.failed.empty()) SLUICE_CHECK(to_status(found.failed.front()));
  return std::move(found.replicas);
}

}  // namespace sluice::kafka
