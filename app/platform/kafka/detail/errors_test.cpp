#include "platform/kafka/detail/errors.h"

#include <gmock/gmock.h>

#include <set>

namespace sluice::kafka::detail {
namespace {

struct Row {
  rd_kafka_resp_err_t code;
  const char* name;
  ErrorKind kind;
};

class ErrorTable : public ::testing::TestWithParam<Row> {};

TEST_P(ErrorTable, MapsCodeAndKind) {
  const auto error = make_error(GetParam().code, "the broker's own words");
  EXPECT_EQ(error.code, GetParam().name);
  EXPECT_EQ(error.kind, GetParam().kind);
  EXPECT_EQ(error.message, "the broker's own words");
}

INSTANTIATE_TEST_SUITE_P(
    Codes, ErrorTable,
    ::testing::Values(
        Row{RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS, "kafka.topic-already-exists", ErrorKind::kConflict},
        Row{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, "kafka.unknown-topic", ErrorKind::kNotFound},
        Row{RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, "kafka.unknown-topic", ErrorKind::kNotFound},
        Row{RD_KAFKA_RESP_ERR_INVALID_CONFIG, "kafka.invalid-config", ErrorKind::kInvalid},
        Row{RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION, "kafka.invalid-topic", ErrorKind::kInvalid},
        Row{RD_KAFKA_RESP_ERR_INVALID_PARTITIONS, "kafka.invalid-partitions", ErrorKind::kInvalid},
        Row{RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR, "kafka.invalid-replication-factor",
            ErrorKind::kInvalid},
        Row{RD_KAFKA_RESP_ERR_POLICY_VIOLATION, "kafka.policy-violation", ErrorKind::kInvalid},
        Row{RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, "kafka.authorization", ErrorKind::kForbidden},
        Row{RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, "kafka.authorization", ErrorKind::kForbidden},
        Row{RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, "kafka.authentication",
            ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR__AUTHENTICATION, "kafka.authentication", ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR__SSL, "kafka.tls", ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR__TRANSPORT, "kafka.unreachable", ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR__RESOLVE, "kafka.unreachable", ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR__TIMED_OUT, "kafka.timeout", ErrorKind::kTimeout},
        Row{RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, "kafka.timeout", ErrorKind::kTimeout},
        Row{RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, "kafka.not-enough-replicas", ErrorKind::kUnavailable},
        // The record is in the leader's log: it may survive.
        Row{RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            "kafka.not-enough-replicas-after-append", ErrorKind::kTimeout},
        Row{RD_KAFKA_RESP_ERR_NOT_CONTROLLER, "kafka.not-controller", ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, "kafka.coordinator-load-in-progress",
            ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, "kafka.message-too-large", ErrorKind::kTooLarge},
        Row{RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED, "kafka.throttling-quota-exceeded",
            ErrorKind::kRateLimited},
        Row{RD_KAFKA_RESP_ERR__QUEUE_FULL, "kafka.queue-full", ErrorKind::kUnavailable},
        Row{RD_KAFKA_RESP_ERR__PURGE_QUEUE, "kafka.purge-queue", ErrorKind::kCancelled},
        Row{RD_KAFKA_RESP_ERR__FATAL, "kafka.client-fatal", ErrorKind::kUnavailable}),
    [](const auto& tested) { return std::string(rd_kafka_err2name(tested.param.code)); });

// Codes are public: letters and dashes, whatever the library calls its own.
TEST(Errors, EveryCodeOfTheLibraryHasAPublicName) {
  const rd_kafka_err_desc* rows = nullptr;
  std::size_t count = 0;
  rd_kafka_get_err_descs(&rows, &count);
  int known = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (rows[i].desc == nullptr || rows[i].code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const auto error = make_error(rows[i].code, nullptr);
    EXPECT_THAT(error.code, ::testing::MatchesRegex("kafka\\.[a-z][a-z-]*[a-z]")) << rows[i].name;
    EXPECT_EQ(error.message, rows[i].desc);
    ++known;
  }
  EXPECT_GT(known, 150);
}

TEST(Errors, SayWhatToDoAboutCredentials) {
  EXPECT_THAT(make_error(RD_KAFKA_RESP_ERR__AUTHENTICATION, "").fix, ::testing::HasSubstr("sasl.password"));
}

TEST(Errors, ControlCharactersOfAnAnswerAreEscaped) {
  EXPECT_EQ(make_error(RD_KAFKA_RESP_ERR_INVALID_CONFIG, "a\nb").message, "a\\nb");
}

}  // namespace
}  // namespace sluice::kafka::detail
