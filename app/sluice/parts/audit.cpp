#include "sluice/parts/audit.h"

#include <fmt/format.h>

#include "audit/interface/audit_routes.h"

namespace sluice::parts {
namespace {

using audit::application::Refusal;
using audit::contract::Outcome;

constexpr std::chrono::seconds kSignEvery{60};
constexpr std::chrono::seconds kFlushEvery{10};
constexpr std::chrono::seconds kSignTime{30};
constexpr std::chrono::seconds kFlushTime{10};
constexpr std::chrono::seconds kAnswerWithin{2};  // of a database that is there: it must not hold up the stop
constexpr std::chrono::seconds kLastWords{3};  // at the stop: the next start goes on from the database

audit::infrastructure::SqlAuditTrail::OnAppended counting(metrics::Registry& metrics) {
  auto& records = metrics.counter("audit_records_total",
                                  "Audit records written, those of transactions that then failed included.", {"outcome"});
  for (const auto outcome : {Outcome::kDone, Outcome::kRefused, Outcome::kFailed, Outcome::kUnknown}) {
    records.with({to_string(outcome)});
  }
  return [&records](Outcome outcome) { records.with({to_string(outcome)}).inc(); };
}

audit::domain::Sign signing_with(const auth::SigningKeys& keys) {
  return [&keys](std::string_view statement) -> Result<audit::domain::Signature> {
    SLUICE_TRY(auth::Signature signature, keys.sign(statement));
    return audit::domain::Signature{std::move(signature.key_id), std::move(signature.bytes)};
  };
}

}  // namespace

Audit::Audit(const Foundation& foundation, const auth::SigningKeys& keys)
    : foundation_(foundation),
      logger_(foundation.logger.module("audit")),
      trail_(foundation.database, foundation.clock, counting(foundation.metrics)),
      records_(foundation.database),
      objects_(foundation.config.objects),
      checkpoints_(objects_.store()),
      checkpointer_(records_, checkpoints_, signing_with(keys), foundation.clock),
      refusals_(trail_, foundation.clock) {
  foundation.metrics.gauge_callback(
      "audit_checkpoint_age_seconds", "Since every audit chain was covered by a signed checkpoint the last time.",
      [this] { return std::chrono::duration<double>(checkpointer_.age()).count(); });
}

std::function<void(const http::RefusedRequest&)> Audit::refusal_observer() {
  return [this](const http::RefusedRequest& refused) {
    const std::string route = fmt::format("{} {}", to_string(refused.route.method), refused.route.pattern);
    Refusal refusal;
    refusal.kind = refused.principal == nullptr ? Refusal::Kind::kLogin : Refusal::Kind::kRoute;
    refusal.source = refused.remote;
    refusal.code = refused.code;
    refusal.route = route;
    if (refused.principal != nullptr) {
      refusal.actor = {refused.principal->id, refused.principal->owner, refused.principal->issuer,
                       refused.principal->token_id};
    }
    refusals_.note(refusal);
  };
}

void Audit::add_routes(http::Router& router) { router.add(audit::interface::audit_routes(records_, logger_)); }

Result<StepOutcome> Audit::sign() {
  SLUICE_CHECK(foundation_.database.ping(Deadline::after(kAnswerWithin)));
  SLUICE_CHECK(objects_.prepare());
  SLUICE_TRY(const int written, checkpointer_.run_once(Deadline::after(kSignTime)));
  if (written > 0) logger_.debug("audit checkpoints written", {{"chains", written}});
  return StepOutcome{kSignEvery};
}

std::unique_ptr<SupervisedLoop> Audit::make_loop(const char* name, const char* complaint, SupervisedLoop::Step step) {
  return std::make_unique<SupervisedLoop>(
      name, std::move(step),
      [this, complaint](const Error& error, std::chrono::milliseconds wait) {
        logger_.warn(complaint, {{"reason", error.describe()}, {"retry_ms", wait.count()}});
      },
      Backoff{std::chrono::seconds{1}, kSignEvery});
}

// What the last minute brought is recorded and signed as well.
Status Audit::write_last(Deadline deadline) {
  refusing_.reset();
  signing_.reset();
  SLUICE_CHECK(refusals_.flush(true, deadline));
  SLUICE_CHECK(objects_.prepare());
  SLUICE_CHECK(checkpointer_.run_once(deadline));
  return {};
}

void Audit::add_components(tasks::Lifecycle& lifecycle) {
  tasks::Component audit = component(
      "audit",
      [this](Deadline) -> Status {
        signing_ = make_loop("audit checkpoints", "audit checkpoints not written",
                             [this](const std::stop_token&) { return sign(); });
        refusing_ = make_loop("audit refusals", "refusals not recorded",
                              [this](const std::stop_token&) -> Result<StepOutcome> {
                                SLUICE_CHECK(foundation_.database.ping(Deadline::after(kAnswerWithin)));
                                SLUICE_CHECK(refusals_.flush(false, Deadline::after(kFlushTime)));
                                return StepOutcome{kFlushEvery};
                              });
        return {};
      },
      [this](Deadline deadline) { return write_last(deadline); });
  audit.ask_to_stop = [this] {
    refusing_->request_stop();
    signing_->request_stop();
  };
  audit.stop_within = kLastWords;
  lifecycle.add(std::move(audit));
}

}  // namespace sluice::parts
