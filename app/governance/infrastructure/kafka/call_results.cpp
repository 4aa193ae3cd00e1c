#include "governance/infrastructure/kafka/call_results.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "governance/infrastructure/kafka/broker_requests.h"

namespace sluice::governance::infrastructure {
namespace {

using domain::CallOutcome;

// The client's own words for "nothing left this process".
constexpr std::array<std::string_view, 8> kNeverSent{
    "kafka.not-sent",       "kafka.unreachable", "kafka.authentication",       "kafka.tls",
    "kafka.duplicate-item", "kafka.invalid-arg", "kafka.unsupported-feature", "kafka.config"};

// UNKNOWN_SERVER_ERROR ("kafka.unknown") is the broker's own surprise: it says nothing about what
// it did before. Nor does an answer that nobody can read.
bool may_have_happened(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kTimeout:
    case ErrorKind::kCancelled:
    case ErrorKind::kInternal: return true;
    case ErrorKind::kInvalid:
    case ErrorKind::kUnauthenticated:
    case ErrorKind::kForbidden:
    case ErrorKind::kNotFound:
    case ErrorKind::kConflict:
    case ErrorKind::kTooLarge:
    case ErrorKind::kUnsupported:
    case ErrorKind::kRateLimited:
    case ErrorKind::kUnavailable: return error.code == "kafka.unknown" || error.code == "kafka.bad-answer";
  }
  return true;
}

CallOutcome outcome_of(const Error& error) {
  if (std::find(kNeverSent.begin(), kNeverSent.end(), error.code) != kNeverSent.end()) return CallOutcome::kNotSent;
  return may_have_happened(error) ? CallOutcome::kUnknown : CallOutcome::kRefused;
}

}  // namespace

domain::CallResult call_result(const Result<void>& answer) {
  if (answer) return {};
  const Error& error = answer.error();
  const CallOutcome outcome = outcome_of(error);
  return {outcome, outcome == CallOutcome::kRefused ? kafka_name(error) : error.code, error.message,
          error.retryable()};
}

std::vector<domain::CallResult> call_results(const kafka::ItemResults<void>& answers) {
  std::vector<domain::CallResult> results;
  results.reserve(answers.size());
  for (const auto& answer : answers) results.push_back(call_result(answer));
  return results;
}

}  // namespace sluice::governance::infrastructure
