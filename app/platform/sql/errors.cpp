#include "platform/sql/errors.h"

#include <utility>

namespace sluice::sql::errors {

Error unique_violation(std::string message) {
  return {ErrorKind::kConflict, "sql.unique-violation", std::move(message), "", {}};
}

Error constraint_violation(std::string message) {
  return {ErrorKind::kInvalid, "sql.constraint-violation", std::move(message), "", {}};
}

Error invalid_value(std::string message) {
  return {ErrorKind::kInvalid, "sql.invalid-value", std::move(message), "", {}};
}

Error conflict(std::string message) {
  return {ErrorKind::kUnavailable,
          "sql.conflict",
          std::move(message),
          "nothing was written; try again",
          {}};
}

Error timeout(std::string_view what) {
  return {ErrorKind::kTimeout,
          "sql.timeout",
          "the deadline passed while " + std::string(what),
          "try again; if it stays, look for long transactions and locks in the database",
          {}};
}

Error unavailable(std::string message, std::string fix) {
  return {ErrorKind::kUnavailable, "sql.unavailable", std::move(message), std::move(fix), {}};
}

Error commit_unknown(std::string_view reason) {
  return {ErrorKind::kTimeout,
          "sql.commit-unknown",
          "whether the transaction was committed is unknown: " + std::string(reason),
          "look at the state before trying again",
          {}};
}

Error statement(std::string message) {
  return {ErrorKind::kInternal,
          "sql.statement",
          std::move(message),
          "the schema may not be what this version expects: see `sluice migrate status`",
          {}};
}

Error wrong_type(std::string message) {
  return {ErrorKind::kInternal,
          "sql.wrong-type",
          std::move(message),
          "the schema may not be what this version expects: see `sluice migrate status`",
          {}};
}

Error schema_busy() {
  return {ErrorKind::kTimeout,
          "migrate.busy",
          "somebody else is changing the database's schema, or holds it",
          "wait and try again",
          {}};
}

}  // namespace sluice::sql::errors
