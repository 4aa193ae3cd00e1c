// The audit trail: who writes it, who reads it, the checkpoints outside the database, and refusals.
#pragma once

#include <functional>
#include <memory>

#include "audit/application/checkpointer.h"
#include "audit/application/refusals.h"
#include "audit/infrastructure/object_checkpoint_store.h"
#include "audit/infrastructure/sql_audit_trail.h"
#include "audit/infrastructure/sql_records.h"
#include "platform/auth/signing_keys.h"
#include "platform/http/server.h"
#include "sluice/object_store.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class Audit final : public Part {
 public:
  // `keys` must outlive the part.
  Audit(const Foundation& foundation, const auth::SigningKeys& keys);

  [[nodiscard]] audit::contract::AuditTrail& trail() { return trail_; }
  // For the HTTP server: what it refuses is recorded, folded. The part must outlive the server.
  [[nodiscard]] std::function<void(const http::RefusedRequest&)> refusal_observer();

  void add_routes(http::Router& router) override;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  Result<StepOutcome> sign();
  Status write_last(Deadline deadline);
  std::unique_ptr<SupervisedLoop> make_loop(const char* name, const char* complaint, SupervisedLoop::Step step);

  const Foundation foundation_;
  const log::Logger logger_;
  audit::infrastructure::SqlAuditTrail trail_;
  audit::infrastructure::SqlRecords records_;
  ConfiguredObjects objects_;
  audit::infrastructure::ObjectCheckpointStore checkpoints_;
  audit::application::Checkpointer checkpointer_;
  audit::application::Refusals refusals_;
  std::unique_ptr<SupervisedLoop> signing_;
  std::unique_ptr<SupervisedLoop> refusing_;
};

}  // namespace sluice::parts
