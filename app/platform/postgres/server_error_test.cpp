#include "platform/postgres/server_error.h"

#include <gtest/gtest.h>

namespace sluice::postgres {
namespace {

struct Case {
  std::string sqlstate;
  std::string constraint;
  FailureClass failure;
  std::string code;
  ErrorKind kind;
};

class Sqlstate : public testing::TestWithParam<Case> {};

// Design: only 22xxx and 23xxx are data; a missing partition is the environment.
TEST_P(Sqlstate, DecidesWhoseFaultItIsAndWhatCallersSee) {
  ServerError error;
  error.sqlstate = GetParam().sqlstate;
  error.constraint = GetParam().constraint;
  error.message = "what happened";
  error.detail = "Key (secret)=(hunter2) already exists.";
  EXPECT_EQ(classify(error), GetParam().failure) << to_string(classify(error));
  const Error seen = to_error(error);
  EXPECT_EQ(seen.code, GetParam().code);
  EXPECT_EQ(seen.kind, GetParam().kind);
  EXPECT_NE(seen.message.find("what happened"), std::string::npos) << seen.message;
  EXPECT_NE(seen.message.find(error.sqlstate), std::string::npos) << seen.message;
  EXPECT_NE(seen.message.find(error.constraint), std::string::npos) << seen.message;
  EXPECT_EQ(seen.describe().find("hunter2"), std::string::npos) << seen.describe();
}

constexpr auto kRetryable = FailureClass::kRetryable;
constexpr auto kEnvironment = FailureClass::kEnvironment;
constexpr auto kData = FailureClass::kData;

INSTANTIATE_TEST_SUITE_P(
    States, Sqlstate,
    testing::Values(
        Case{"40001", "", kRetryable, "sql.conflict", ErrorKind::kUnavailable},
        Case{"40P01", "", kRetryable, "sql.conflict", ErrorKind::kUnavailable},
        Case{"40003", "", kEnvironment, "sql.statement", ErrorKind::kInternal},
        Case{"22001", "", kData, "sql.invalid-value", ErrorKind::kInvalid},
        Case{"22003", "", kData, "sql.invalid-value", ErrorKind::kInvalid},
        Case{"22021", "", kData, "sql.invalid-value", ErrorKind::kInvalid},
        Case{"22P02", "", kData, "sql.invalid-value", ErrorKind::kInvalid},
        Case{"23502", "", kData, "sql.constraint-violation", ErrorKind::kInvalid},
        Case{"23503", "orders_fk", kData, "sql.constraint-violation", ErrorKind::kInvalid},
        Case{"23505", "orders_pk", kData, "sql.unique-violation", ErrorKind::kConflict},
        Case{"23514", "amount_check", kData, "sql.constraint-violation", ErrorKind::kInvalid},
        Case{"23514", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"23P01", "no_overlap", kData, "sql.constraint-violation", ErrorKind::kInvalid},
        Case{"08006", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"08P01", "", kEnvironment, "sql.statement", ErrorKind::kInternal},
        Case{"25006", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"25P03", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"28P01", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"3D000", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"42501", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"42601", "", kEnvironment, "sql.statement", ErrorKind::kInternal},
        Case{"42P01", "", kEnvironment, "sql.statement", ErrorKind::kInternal},
        Case{"53300", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"53100", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"54000", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"55P03", "", kEnvironment, "sql.timeout", ErrorKind::kTimeout},
        Case{"57014", "", kEnvironment, "sql.timeout", ErrorKind::kTimeout},
        Case{"57P01", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"58030", "", kEnvironment, "sql.unavailable", ErrorKind::kUnavailable},
        Case{"XX000", "", kEnvironment, "sql.statement", ErrorKind::kInternal}),
    [](const auto& each) {
      return each.param.sqlstate + (each.param.constraint.empty() ? "" : "_named");
    });

}  // namespace
}  // namespace sluice::postgres
