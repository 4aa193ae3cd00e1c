#include "platform/kafka/detail/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "platform/core/text.h"

namespace sluice::kafka::detail {

namespace {

struct KindRow {
  ErrorKind kind;
  std::initializer_list<rd_kafka_resp_err_t> codes;
};

// Every code that is not here is kUnavailable: leaders move, coordinators load, connections break,
// and an operator mends credentials. All of that ends without the caller changing its request.
const KindRow kKinds[] = {
    {ErrorKind::kInvalid,  // the request is wrong and stays wrong
     {RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__BAD_COMPRESSION,
      RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR__INVALID_TYPE,
      RD_KAFKA_RESP_ERR__KEY_SERIALIZATION, RD_KAFKA_RESP_ERR__VALUE_SERIALIZATION,
      RD_KAFKA_RESP_ERR__KEY_DESERIALIZATION, RD_KAFKA_RESP_ERR__VALUE_DESERIALIZATION,
      RD_KAFKA_RESP_ERR__INVALID_DIFFERENT_RECORD, RD_KAFKA_RESP_ERR_INVALID_MSG,
      RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
      RD_KAFKA_RESP_ERR_INVALID_REQUIRED_ACKS,
      RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL, RD_KAFKA_RESP_ERR_INVALID_GROUP_ID,
      RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
      RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
      RD_KAFKA_RESP_ERR_INVALID_REPLICA_ASSIGNMENT, RD_KAFKA_RESP_ERR_INVALID_CONFIG,
      RD_KAFKA_RESP_ERR_INVALID_REQUEST, RD_KAFKA_RESP_ERR_POLICY_VIOLATION,
      RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT,
      RD_KAFKA_RESP_ERR_INVALID_PRINCIPAL_TYPE, RD_KAFKA_RESP_ERR_INVALID_RECORD,
      RD_KAFKA_RESP_ERR_UNACCEPTABLE_CREDENTIAL, RD_KAFKA_RESP_ERR_INVALID_UPDATE_VERSION,
      RD_KAFKA_RESP_ERR_DUPLICATE_RESOURCE}},
    {ErrorKind::kNotFound,
     {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
      RD_KAFKA_RESP_ERR__UNKNOWN_GROUP, RD_KAFKA_RESP_ERR__NOENT,
      RD_KAFKA_RESP_ERR__NO_OFFSET, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
      RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_ID, RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND,
      RD_KAFKA_RESP_ERR_RESOURCE_NOT_FOUND, RD_KAFKA_RESP_ERR_LOG_DIR_NOT_FOUND,
      RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_NOT_FOUND,
      RD_KAFKA_RESP_ERR_NO_REASSIGNMENT_IN_PROGRESS,
      RD_KAFKA_RESP_ERR_UNKNOWN_SUBSCRIPTION_ID}},
    {ErrorKind::kConflict,  // the state of the cluster or of our client forbids it
     {RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, RD_KAFKA_RESP_ERR__CONFLICT,
      RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__EXISTING_SUBSCRIPTION,
      RD_KAFKA_RESP_ERR__INCONSISTENT, RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS,
      RD_KAFKA_RESP_ERR__IN_PROGRESS, RD_KAFKA_RESP_ERR__FENCED,
      RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED,
      RD_KAFKA_RESP_ERR__LOG_TRUNCATION, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
      RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP,
      RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, RD_KAFKA_RESP_ERR_GROUP_SUBSCRIBED_TO_TOPIC,
      RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_FENCED_MEMBER_EPOCH,
      RD_KAFKA_RESP_ERR_UNRELEASED_INSTANCE_ID, RD_KAFKA_RESP_ERR_STALE_MEMBER_EPOCH,
      RD_KAFKA_RESP_ERR_REASSIGNMENT_IN_PROGRESS, RD_KAFKA_RESP_ERR_ELECTION_NOT_NEEDED,
      RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR_INVALID_TXN_STATE,
      RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING, RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
      RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
      RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
      RD_KAFKA_RESP_ERR_TRANSACTION_COORDINATOR_FENCED,
      RD_KAFKA_RESP_ERR_INCONSISTENT_VOTER_SET, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
      RD_KAFKA_RESP_ERR_STALE_BROKER_EPOCH, RD_KAFKA_RESP_ERR_GROUP_MAX_SIZE_REACHED}},
    {ErrorKind::kTooLarge,
     {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE,
      RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE,
      RD_KAFKA_RESP_ERR_TELEMETRY_TOO_LARGE}},
    {ErrorKind::kTimeout,  // whether the broker acted is unknown
     {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT,
      RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND}},
    {ErrorKind::kRateLimited,
     {RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED}},
    {ErrorKind::kCancelled,
     {RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR__INTR, RD_KAFKA_RESP_ERR__PURGE_QUEUE,
      RD_KAFKA_RESP_ERR__PURGE_INFLIGHT}},
    {ErrorKind::kForbidden,  // our own principal may not
     {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTHORIZATION_FAILED,
      RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_OWNER_MISMATCH,
      RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_REQUEST_NOT_ALLOWED,
      RD_KAFKA_RESP_ERR_TOPIC_DELETION_DISABLED}},
    {ErrorKind::kUnsupported,
     {RD_KAFKA_RESP_ERR__UNKNOWN_PROTOCOL, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
      RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR__NOT_CONFIGURED,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_FOR_MESSAGE_FORMAT, RD_KAFKA_RESP_ERR_SECURITY_DISABLED,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_COMPRESSION_TYPE,
      RD_KAFKA_RESP_ERR_UNSUPPORTED_ASSIGNOR,
      RD_KAFKA_RESP_ERR_DELEGATION_TOKEN_AUTH_DISABLED}},
    {ErrorKind::kInternal,  // not errors that a caller should ever see
     {RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, RD_KAFKA_RESP_ERR__FS,
      RD_KAFKA_RESP_ERR__PARTITION_EOF, RD_KAFKA_RESP_ERR__NODE_UPDATE,
      RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS, RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS,
      RD_KAFKA_RESP_ERR__READ_ONLY, RD_KAFKA_RESP_ERR__UNDERFLOW,
      RD_KAFKA_RESP_ERR__APPLICATION, RD_KAFKA_RESP_ERR__NOOP,
      RD_KAFKA_RESP_ERR__UNKNOWN_BROKER, RD_KAFKA_RESP_ERR_FEATURE_UPDATE_FAILED,
      RD_KAFKA_RESP_ERR_NO_ERROR}},
};

// Public names that differ from librdkafka's, mostly because several codes mean one thing to us.
const std::pair<rd_kafka_resp_err_t, std::string_view> kNames[] = {
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "authorization"},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, "authorization"},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, "authorization"},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "authorization"},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, "authentication"},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, "authentication"},
    {RD_KAFKA_RESP_ERR__SSL, "tls"},
    {RD_KAFKA_RESP_ERR__TRANSPORT, "unreachable"},
    {RD_KAFKA_RESP_ERR__RESOLVE, "unreachable"},
    {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, "unreachable"},
    {RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE, "unreachable"},
    {RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, "unreachable"},
    {RD_KAFKA_RESP_ERR__TIMED_OUT, "timeout"},
    {RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, "timeout"},
    {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, "timeout"},
    {RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, "timeout"},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "unknown-topic"},
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_ID, "unknown-topic"},
    {RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, "invalid-topic"},
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, "message-too-large"},
    {RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE, "message-too-large"},
    {RD_KAFKA_RESP_ERR__FATAL, "client-fatal"},
};

const std::pair<std::string_view, std::string_view> kFixes[] = {
    {"kafka.authentication", "check sasl.mechanism, sasl.username and sasl.password of this client"},
    {"kafka.authorization", "give this client's Kafka principal the ACL that the operation needs"},
    {"kafka.tls", "check ssl.ca.location, ssl.certificate.location and the broker's certificate"},
    {"kafka.unreachable", "check bootstrap.servers, security.protocol and that the brokers run"},
    {"kafka.timeout", "whether Kafka acted is unknown: look before trying again"},
    {"kafka.connection-lost", "whether Kafka acted is unknown: look before trying again"},
    {"kafka.queue-full", "the brokers take records more slowly than they come: try again later"},
    {"kafka.message-too-large", "raise max.message.bytes of the topic or send less"},
};

std::string kebab(std::string_view name) {
  name.remove_prefix(std::min(name.find_first_not_of('_'), name.size()));
  std::string text = to_lower(name);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

ErrorKind kind_of(rd_kafka_resp_err_t code) {
  for (const auto& row : kKinds) {
    if (std::ranges::find(row.codes, code) != row.codes.end()) return row.kind;
  }
  return ErrorKind::kUnavailable;
}

std::string name_of(rd_kafka_resp_err_t code) {
  for (const auto& [listed, name] : kNames) {
    if (listed == code) return std::string(name);
  }
  return kebab(rd_kafka_err2name(code));
}

}  // namespace

std::string_view fix_for(std::string_view code) {
  for (const auto& [listed, fix] : kFixes) {
    if (listed == code) return fix;
  }
  return {};
}

Error make_error(rd_kafka_resp_err_t code, const char* message) {
  const bool silent = message == nullptr || *message == '\0';
  const std::string public_code = "kafka." + name_of(code);
  return Error{kind_of(code), public_code, printable(silent ? rd_kafka_err2str(code) : message, 1000),
               std::string(fix_for(public_code)), {}};
}

Error make_error(const rd_kafka_error_t& error) {
  return make_error(rd_kafka_error_code(&error), rd_kafka_error_string(&error));
}

namespace errors {

Error not_sent(std::string_view api) {
  return Error{ErrorKind::kUnavailable, "kafka.not-sent",
               fmt::format("{}: the deadline passed before the request was sent", api),
               "nothing has happened at the broker; try again with more time", {}};
}

Error connection_lost(std::string_view words) {
  constexpr std::string_view kCode = "kafka.connection-lost";
  return Error{ErrorKind::kTimeout, std::string(kCode), printable(words, 1000), std::string(fix_for(kCode)), {}};
}

Error duplicate_item(std::string_view name) {
  return Error{ErrorKind::kInvalid, "kafka.duplicate-item",
               fmt::format("\"{}\" comes more than once in one call", printable(name)),
               "name each topic once", {}};
}

Error no_answer(std::string_view api, std::string_view name) {
  return Error{ErrorKind::kInternal, "kafka.no-answer",
               fmt::format("{}: the broker's answer does not mention \"{}\"", api, printable(name)),
               "", {}};
}

Error invalid_argument(std::string message) {
  return Error{ErrorKind::kInvalid, "kafka.invalid-arg", std::move(message), "", {}};
}

}  // namespace errors

}  // namespace sluice::kafka::detail
