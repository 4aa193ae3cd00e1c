// Everything that an apply needs, on any database and any cluster: what has to be approved is planned
// and kept as the server does it; only the people are left out.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "audit/infrastructure/sql_audit_trail.h"
#include "governance/application/apply/apply_change.h"
#include "governance/application/apply/change_executor.h"
#include "governance/infrastructure/apply/sql_execution_journal.h"
#include "governance/infrastructure/catalogue/sql_topic_records.h"
#include "governance/infrastructure/sql_plan_repository.h"
#include "governance/interface/topic_batch_reader.h"
#include "platform/core/id_source.h"
#include "platform/text/json.h"
#include "support/environments.h"

namespace sluice::test {

class CountingQueue final : public notify::contract::NotificationQueue {
 public:
  Status enqueue(sql::Session&, const notify::contract::Notification& notification) override {
    const MutexLock lock(mutex_);
    told_.push_back(notification);
    return {};
  }
  std::vector<notify::contract::Notification> told() {
    const MutexLock lock(mutex_);
    return told_;
  }

 private:
  Mutex mutex_;
  std::vector<notify::contract::Notification> told_ SLUICE_GUARDED_BY(mutex_);
};

// The policies of the database that all processes share, without their documents.
class PolicyShelf final : public governance::application::PolicyLedger {
 public:
  using PolicySet = governance::domain::PolicySet;
  using PolicyVersion = governance::application::PolicyVersion;

  explicit PolicyShelf(PolicySet first) { put(std::move(first)); }
  // As another process does: who has looked before does not know yet.
  void put(PolicySet policies) {
    const MutexLock lock(mutex_);
    versions_.push_back(std::make_shared<const PolicySet>(std::move(policies)));
  }
  governance::application::ReadPolicies reader() {
    return [this](std::string_view version) -> Result<governance::application::ReadDocument> {
      const MutexLock lock(mutex_);
      return governance::application::ReadDocument{versions_.at(std::stoul(std::string(version)) - 1), {}};
    };
  }

  // Nobody can read them.
  void set_away(bool away) {
    const MutexLock lock(mutex_);
    is_away_ = away;
  }

  Result<std::int64_t> newest(Deadline) override {
    const MutexLock lock(mutex_);
    if (is_away_) return Error{ErrorKind::kUnavailable, "sql.unavailable", "the database is away", "", {}};
    return static_cast<std::int64_t>(versions_.size());
  }
  Result<std::optional<PolicyVersion>> find(std::int64_t version, Deadline) override {
    PolicyVersion found;
    found.version = version;
    found.document = std::to_string(version);
    return std::optional(std::move(found));
  }
  Result<std::vector<PolicyVersion>> list(std::int64_t, int, Deadline) override { return std::vector<PolicyVersion>(); }
  Status append(const PolicyVersion&, const std::optional<governance::application::SpentApproval>&,
                std::span<const audit::contract::Entry>, Deadline) override {
    return {};
  }

 private:
  Mutex mutex_;
  std::vector<std::shared_ptr<const PolicySet>> versions_ SLUICE_GUARDED_BY(mutex_);
  bool is_away_ SLUICE_GUARDED_BY(mutex_) = false;
};

inline governance::domain::TopicItem upsert(const std::string& name, std::optional<std::int32_t> partitions = {},
                                            std::map<std::string, std::optional<std::string>, std::less<>> configs = {}) {
  governance::domain::TopicItem item;
  item.name = governance::domain::TopicName{name};
  item.partitions = partitions;
  item.configs = std::move(configs);
  return item;
}

inline governance::domain::TopicItem deletion(const std::string& name) {
  governance::domain::TopicItem item = upsert(name);
  item.action = governance::domain::ItemAction::kDelete;
  return item;
}

inline Actor kim() { return {"kim@example.com", "kim@example.com", "kim@example.com", "t-1"}; }

class ApplyWorld {
 public:
  using Execution = governance::domain::Execution;
  using ItemState = governance::domain::ItemState;

  // Puts something of the test's own between the use cases and the real journal.
  using WrapJournal = std::function<std::unique_ptr<governance::application::ExecutionJournal>(
      governance::application::ExecutionJournal&)>;

  ApplyWorld(sql::Database& database, governance::domain::TopicCluster& cluster,
             governance::domain::TopicWriter& writer, governance::domain::PolicySet policies = some_policies(),
             const WrapJournal& wrap = {}, std::int64_t throttle = usual_throttle())
      : database_(database),
        environments_(environments({"dev", "prod"}, cluster, &writer, throttle)),
        audit_(database, clock_),
        plans_(database),
        records_(database),
        shelf_(std::move(policies)),
        policies_(std::make_shared<const governance::domain::PolicySet>(), shelf_, shelf_.reader()),
        planner_(environments_, plans_, records_, policies_, clock_),
        journal_({database, audit_, notifications_, clock_, "test"}),
        wrapped_(wrap ? wrap(journal_) : nullptr),
        services_{wrapped_ ? *wrapped_ : journal_, clock_, policies_},
        apply_({environments_, planner_, policies_, services_.journal, clock_, ids_, read_batch}) {}

  static governance::domain::PolicySet some_policies() {
    governance::domain::PolicySet policies;
    policies.version = "1";
    policies.digest = "policies-1";
    policies.environments = {governance::domain::EnvironmentName{"dev"}, governance::domain::EnvironmentName{"prod"}};
    return policies;
  }

  // Planned, kept, and approved by nobody in particular.
  governance::application::ApprovedRevision approve(const std::string& change,
                                                    std::vector<governance::domain::TopicItem> items) {
    const governance::domain::ChangeId id{change};
    const auto kept = planner_.dry_run({governance::domain::EnvironmentName{"dev"}, id, std::move(items)}, kim(), soon());
    EXPECT_TRUE(kept) << kept.error().describe();
    const auto signed_by = database_.execute("UPDATE governance_changes SET state = 'APPROVED' WHERE change_id = $1",
                                             {change});
    EXPECT_TRUE(signed_by) << signed_by.error().describe();
    return approved(change);
  }
  // What was approved before, by this process or another.
  governance::application::ApprovedRevision approved(const std::string& change) {
    const governance::domain::ChangeId id{change};
    const auto plan = plans_.find(id, std::nullopt).value().value();
    return {id,
            plan.revision,
            plan.digest,
            "approval-" + change + "-" + std::to_string(plan.revision),
            plan.environment,
            plan.cluster_id,
            plan.policy_digest,
            plan.policy_version,
            plan.batch,
            plan.document,
            true};
  }

  Result<governance::application::Begun> begin(const governance::application::ApprovedRevision& approved) {
    return apply_.begin({approved, kim(), "request-1"}, soon());
  }
  // Begins and runs to the end; what the journal says then.
  Result<Execution> apply(const governance::application::ApprovedRevision& approved, std::stop_token stop = {}) {
    SLUICE_TRY(auto begun, begin(approved));
    if (auto* running = std::get_if<governance::application::RunningExecution>(&begun)) {
      governance::application::ChangeExecutor executor(services_);
      SLUICE_CHECK(executor.run(*running, stop));
    }
    return stored(approved);
  }
  Result<Execution> stored(const governance::application::ApprovedRevision& approved) {
    SLUICE_TRY(auto found, journal_.find(approved.approval_id, soon()));
    if (!found) return Error{ErrorKind::kNotFound, "test.none", "there is no execution", "", {}};
    return std::move(*found);
  }
  // As time does to the lease of a process that has died.
  void let_leases_run_out() {
    EXPECT_TRUE(database_.execute("UPDATE governance_executions SET lease_until_ms = 1"));
  }
  std::string change_state(const std::string& change) {
    return text("SELECT state AS value FROM governance_changes WHERE change_id = $1", {change});
  }
  std::int64_t count(const std::string& table_and_where) {
    const auto rows = database_.query("SELECT CAST(count(*) AS bigint) AS value FROM " + table_and_where);
    EXPECT_TRUE(rows) << rows.error().describe();
    return rows ? rows->row(0).integer("value") : -1;
  }

  static Deadline soon() { return Deadline::after(std::chrono::seconds{60}); }
  static Result<governance::domain::TopicBatch> read_batch(const std::string& batch) {
    SLUICE_TRY(const text::Node document, text::parse_json(batch));
    const auto policies = some_policies();
    return governance::interface::read_topic_batch(document, policies.environments);
  }

  governance::application::PlanTopics& planner() { return planner_; }
  governance::application::ApplyServices& services() { return services_; }
  governance::application::ApplyOptions& options() { return services_.options; }
  governance::infrastructure::SqlExecutionJournal& journal() { return journal_; }
  PolicyShelf& shelf() { return shelf_; }
  governance::application::PolicyStore& policies() { return policies_; }
  CountingQueue& notifications() { return notifications_; }
  sql::Database& database() { return database_; }

 private:
  std::string text(std::string_view sql, const sql::Params& params) {
    const auto rows = database_.query(sql, params);
    EXPECT_TRUE(rows) << rows.error().describe();
    return rows && !rows->empty() ? rows->row(0).text("value") : std::string();
  }

  sql::Database& database_;
  SystemClock clock_;
  UuidV7Source ids_{clock_};
  CountingQueue notifications_;
  governance::application::Environments environments_;
  audit::infrastructure::SqlAuditTrail audit_;
  governance::infrastructure::SqlPlanRepository plans_;
  governance::infrastructure::SqlTopicRecords records_;
  PolicyShelf shelf_;
  governance::application::PolicyStore policies_;
  governance::application::PlanTopics planner_;
  governance::infrastructure::SqlExecutionJournal journal_;
  std::unique_ptr<governance::application::ExecutionJournal> wrapped_;
  governance::application::ApplyServices services_;
  governance::application::ApplyChange apply_;
};

// "dev.a DONE, dev.b FAILED", in the order of execution.
inline std::string told(const governance::domain::Execution& execution) {
  std::string text;
  for (const auto& item : execution.items) {
    if (!text.empty()) text += ", ";
    text += item.name.str() + " " + std::string(to_string(item.outcome.state));
  }
  return text;
}

}  // namespace sluice::test
