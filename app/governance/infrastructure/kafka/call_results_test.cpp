// What a mutating call came to: "refused" and "not sent" are promises that nothing happened, so only
// what is sure may say so (G11: unknown is never success, and never failure either).
#include "governance/infrastructure/kafka/call_results.h"

#include <gtest/gtest.h>

namespace sluice::governance::infrastructure {
namespace {

using domain::CallOutcome;

struct Case {
  const char* label;
  ErrorKind kind;
  const char* code;
  CallOutcome outcome;
  const char* shown;
  bool retryable;
};

class Outcome : public ::testing::TestWithParam<Case> {};

TEST_P(Outcome, OfAFailedCall) {
  const Case& given = GetParam();
  const auto result = call_result(Error{given.kind, given.code, "words", "", {}});
  EXPECT_EQ(result.outcome, given.outcome);
  EXPECT_EQ(result.code, given.shown);
  EXPECT_EQ(result.words, "words");
  EXPECT_EQ(result.retryable, given.retryable);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, Outcome,
    ::testing::Values(
        Case{"exists", ErrorKind::kConflict, "kafka.topic-already-exists", CallOutcome::kRefused,
             "TOPIC_ALREADY_EXISTS", false},
        Case{"gone", ErrorKind::kNotFound, "kafka.unknown-topic", CallOutcome::kRefused,
             "UNKNOWN_TOPIC_OR_PARTITION", false},
        Case{"bad_config", ErrorKind::kInvalid, "kafka.invalid-config", CallOutcome::kRefused, "INVALID_CONFIG", false},
        Case{"no_acl", ErrorKind::kForbidden, "kafka.authorization", CallOutcome::kRefused, "AUTHORIZATION", false},
        Case{"quota", ErrorKind::kRateLimited, "kafka.throttling-quota-exceeded", CallOutcome::kRefused,
             "THROTTLING_QUOTA_EXCEEDED", true},
        Case{"moved_controller", ErrorKind::kUnavailable, "kafka.not-controller", CallOutcome::kRefused,
             "NOT_CONTROLLER", true},
        Case{"no_connection", ErrorKind::kUnavailable, "kafka.unreachable", CallOutcome::kNotSent,
             "kafka.unreachable", true},
        Case{"no_time", ErrorKind::kUnavailable, "kafka.not-sent", CallOutcome::kNotSent, "kafka.not-sent", true},
        Case{"wrong_password", ErrorKind::kUnavailable, "kafka.authentication", CallOutcome::kNotSent,
             "kafka.authentication", true},
        Case{"twice", ErrorKind::kInvalid, "kafka.duplicate-item", CallOutcome::kNotSent, "kafka.duplicate-item",
             false},
        Case{"timeout", ErrorKind::kTimeout, "kafka.timeout", CallOutcome::kUnknown, "kafka.timeout", true},
        Case{"cut", ErrorKind::kTimeout, "kafka.connection-lost", CallOutcome::kUnknown, "kafka.connection-lost",
             true},
        Case{"left_out", ErrorKind::kInternal, "kafka.no-answer", CallOutcome::kUnknown, "kafka.no-answer", false},
        Case{"broker_surprised", ErrorKind::kUnavailable, "kafka.unknown", CallOutcome::kUnknown, "kafka.unknown",
             true},
        Case{"gibberish", ErrorKind::kUnavailable, "kafka.bad-answer", CallOutcome::kUnknown, "kafka.bad-answer", true},
        Case{"shutdown", ErrorKind::kCancelled, "kafka.destroy", CallOutcome::kUnknown, "kafka.destroy", false}),
    [](const auto& tested) { return tested.param.label; });

TEST(Outcome, OfACallThatWorked) {
  const auto result = call_result(Result<void>());
  EXPECT_EQ(result.outcome, CallOutcome::kDone);
  EXPECT_EQ(result.code, "");
}

}  // namespace
}  // namespace sluice::governance::infrastructure
