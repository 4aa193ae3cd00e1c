#include "platform/postgres/server_error.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "platform/core/text.h"
#include "platform/sql/errors.h"

namespace sluice::postgres {
namespace {

bool in_class(const ServerError& error, std::string_view two) {
  return error.sqlstate.starts_with(two);
}

// A row without a partition is reported as a check violation, but without a constraint's name. The
// partitions are ours to create: not the record's fault.
bool is_missing_partition(const ServerError& error) {
  return error.sqlstate == "23514" && error.constraint.empty();
}

bool is_timeout(const ServerError& error) {
  return error.sqlstate == "57014" || error.sqlstate == "55P03";  // statement, lock
}

bool is_outage(const ServerError& error) {
  if (error.sqlstate == "08P01") return false;  // we broke the protocol: a defect, not an outage
  // Connection, resources, operator intervention, system, configuration limits, authorization,
  // invalid catalogue; read-only and idle-in-transaction sessions; missing rights.
  static constexpr std::array<std::string_view, 8> kClasses{"08", "53", "57", "58",
                                                            "F0", "28", "3D", "54"};
  static constexpr std::array<std::string_view, 3> kStates{"25006", "25P03", "42501"};
  return std::any_of(kClasses.begin(), kClasses.end(),
                     [&](std::string_view two) { return in_class(error, two); }) ||
         std::find(kStates.begin(), kStates.end(), error.sqlstate) != kStates.end();
}

std::string text_of(const ServerError& error) {
  std::string text = "PostgreSQL: " + printable(error.message, 1000);
  if (!error.constraint.empty() && error.message.find(error.constraint) == std::string::npos) {
    text += fmt::format(", constraint \"{}\"", error.constraint);
  }
  return text + fmt::format(" [SQLSTATE {}]", error.sqlstate);
}

}  // namespace

std::string_view to_string(FailureClass failure) {
  switch (failure) {
    case FailureClass::kRetryable: return "retryable";
    case FailureClass::kEnvironment: return "environment";
    case FailureClass::kData: return "data";
  }
  return "environment";
}

FailureClass classify(const ServerError& error) {
  if (error.sqlstate == "40001" || error.sqlstate == "40P01") return FailureClass::kRetryable;
  if (is_missing_partition(error)) return FailureClass::kEnvironment;
  if (in_class(error, "22") || in_class(error, "23")) return FailureClass::kData;
  return FailureClass::kEnvironment;
}

Error to_error(const ServerError& error) {
  const std::string text = text_of(error);
  if (classify(error) == FailureClass::kRetryable) return sql::errors::conflict(text);
  if (error.sqlstate == "23505") return sql::errors::unique_violation(text);
  if (is_missing_partition(error)) {
    return sql::errors::unavailable(text, "create the table's missing partition");
  }
  if (in_class(error, "23")) return sql::errors::constraint_violation(text);
  if (in_class(error, "22")) return sql::errors::invalid_value(text);
  if (is_timeout(error)) {
    Error timeout = sql::errors::timeout("a statement ran");
    timeout.message += ": " + text;
    return timeout;
  }
  if (is_outage(error)) {
    return sql::errors::unavailable(text,
                                    "see the database server's log; check its state, its "
                                    "limits and the rights of sluice's user");
  }
  return sql::errors::statement(text);
}

}  // namespace sluice::postgres
