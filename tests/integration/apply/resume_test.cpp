// An apply that is gone on with after its process died: what happened before is never told as if it had
// not, and what has not begun is held against what holds now (G16, G25, G26, G27).
#include <gtest/gtest.h>

#include "governance/domain/policy/ownership_rules.h"
#include "governance/domain/policy/rules.h"
#include "support/apply_world.h"
#include "support/hooked_ports.h"
#include "support/migrated_database.h"
#include "support/model_cluster.h"

namespace sluice::test {
namespace {

namespace domain = governance::domain;
using domain::ExecutionState;
using domain::ItemState;
using domain::TopicName;

struct Died {};

class ApplyResumed : public testing::Test {
 protected:
  ApplyResumed() {
    cluster_.change([](model::Broker& broker) {
      broker.create({{TopicName{"dev.old"}, 1, 1, {}}, {TopicName{"dev.older"}, 1, 1, {}}}, model::ForReal::kYes);
    });
    world_.options().settle_deadline = std::chrono::milliseconds{100};
  }

  // The process is killed at the point ("after create", "before read", …); its lease has run out then.
  void die_at(const std::string& point, const governance::application::ApprovedRevision& approved) {
    at_ = [&](const std::string& here) {
      if (here == point) throw Died();
    };
    EXPECT_THROW((void)world_.apply(approved), Died);
    at_ = [](const std::string&) {};
    world_.let_leases_run_out();
  }
  // Once the execution has begun again, the brokers can't be reached for this call.
  void lose_after_intent(ModelCall lost) {
    at_ = [this, lost](const std::string& here) {
      if (here != "after journal.intend") return;
      cluster_.inject([lost](ModelCall call, const TopicName*) {
        return call == lost ? Fault::kRefuse : Fault::kNone;
      });
    };
  }
  void recover() {
    at_ = [](const std::string&) {};
    cluster_.inject({});
  }
  static domain::PolicySet policies(const std::string& digest, domain::Mode mode = domain::Mode::kApply) {
    domain::PolicySet policies = ApplyWorld::some_policies();
    policies.digest = digest;
    policies.modes = {{mode, {}, {}}};
    return policies;
  }
  std::int64_t audited(const std::string& topic, const std::string& outcome) {
    return world_.count("audit_records WHERE name = '" + topic + "' AND outcome = '" + outcome + "'");
  }
  bool exists(const char* topic) { return cluster_.topics().contains(TopicName{topic}); }
  std::size_t removed() {
    const auto sent = cluster_.sent();
    return static_cast<std::size_t>(std::count_if(sent.begin(), sent.end(), [](const SentItem& item) {
      return item.call == ModelCall::kRemove;
    }));
  }

  // A cluster whose rights may be taken away: then it tells nobody whether a topic exists.
  class Guarded final : public domain::TopicCluster {
   public:
    explicit Guarded(domain::TopicCluster& inner) : inner_(inner) {}
    bool may_ask = true;

    Result<std::string> cluster_id(Deadline deadline) override { return inner_.cluster_id(deadline); }
    Result<std::vector<TopicName>> list(Deadline deadline) override { return inner_.list(deadline); }
    Result<domain::ClusterState> read(std::span<const TopicName> names, Deadline deadline) override {
      return inner_.read(names, deadline);
    }
    Result<std::map<TopicName, std::vector<domain::GroupUse>>> groups_of(std::span<const TopicName> names,
                                                                         Deadline deadline) override {
      return inner_.groups_of(names, deadline);
    }
    Result<std::map<TopicName, std::int64_t>> records_of(std::span<const TopicName> names,
                                                         Deadline deadline) override {
      return inner_.records_of(names, deadline);
    }
    Result<domain::ReplicaLayout> layout_of(std::span<const TopicName> names, Deadline deadline) override {
      return inner_.layout_of(names, deadline);
    }
    Result<std::vector<domain::BrokerVerdict>> validate(const domain::Probes& probes, Deadline deadline) override {
      auto verdicts = inner_.validate(probes, deadline);
      if (may_ask || !verdicts) return verdicts;
      for (auto& verdict : *verdicts) {
        verdict.ok = false;
        verdict.code = "TOPIC_AUTHORIZATION_FAILED";
        verdict.words = "Authorization failed.";
      }
      return verdicts;
    }
    Result<bool> await_existence(std::span<const std::pair<TopicName, bool>> expected, Deadline deadline) override {
      return inner_.await_existence(expected, deadline);
    }
    Result<std::map<TopicName, domain::TopicDetails>> describe(std::span<const TopicName> names,
                                                              Deadline deadline) override {
      return inner_.describe(names, deadline);
    }

   private:
    domain::TopicCluster& inner_;
  };

  MigratedDatabase<sql::Dialect::kSqlite> database_;
  ModelCluster cluster_;
  std::function<void(const std::string& point)> at_ = [](const std::string&) {};
  const Hook hook_ = [this](const std::string& point) { at_(point); };
  Guarded guarded_{cluster_};
  HookedCluster hooked_{guarded_, hook_};
  HookedWriter writer_{cluster_, hook_, [](const std::string&, const std::string&) {}};
  ApplyWorld world_{database_.database(), hooked_, writer_, ApplyWorld::some_policies(),
                    [this](auto& journal) { return std::make_unique<HookedJournal>(journal, hook_); }};
};

// --- what may have happened is unknown until it is seen ------------------------------------------

TEST_F(ApplyResumed, WhatMayHaveHappenedIsUnknownWhileNobodyCanLook) {
  for (const ModelCall lost : {ModelCall::kRead, ModelCall::kValidate}) {
    const std::string number = std::to_string(static_cast<int>(lost));
    const std::string topic = "dev.new" + number;
    const auto approved = world_.approve("c" + number, {upsert(topic)});
    die_at("after create", approved);
    if (lost == ModelCall::kValidate) cluster_.change([&](model::Broker& broker) { broker.remove(TopicName{topic}); });
    lose_after_intent(lost);
    const auto blind = world_.apply(approved);
    recover();
    ASSERT_TRUE(blind) << blind.error().describe();
    EXPECT_EQ(told(*blind), topic + " UNKNOWN");
    EXPECT_TRUE(blind->items[0].outcome.retryable);
    EXPECT_EQ(audited(topic, "unknown"), 1);
    EXPECT_EQ(audited(topic, "failed"), 0);
    const auto seen = world_.apply(approved);
    ASSERT_TRUE(seen) << seen.error().describe();
    EXPECT_EQ(told(*seen), topic + " DONE");
  }
}

// An error that no retry mends is none of the item's: it stays open.
TEST_F(ApplyResumed, AnotherClusterMakesNothingFinal) {
  const auto approved = world_.approve("c1", {upsert("dev.new")});
  die_at("after create", approved);
  ASSERT_TRUE(world_.database().execute("UPDATE governance_executions SET cluster_id = 'another'"));
  const auto blind = world_.apply(approved);
  ASSERT_TRUE(blind) << blind.error().describe();
  EXPECT_EQ(told(*blind), "dev.new UNKNOWN");
  EXPECT_EQ(blind->items[0].outcome.code, "plan.other-cluster");
  EXPECT_TRUE(blind->items[0].outcome.retryable);
}

TEST_F(ApplyResumed, WhatWasNotSentThisTimeMayHaveBeenBefore) {
  const auto approved = world_.approve("c1", {upsert("dev.new")});
  die_at("before create", approved);
  cluster_.inject([](ModelCall call, const TopicName*) {
    return call == ModelCall::kCreate ? Fault::kNotSent : Fault::kNone;
  });
  const auto again = world_.apply(approved);
  ASSERT_TRUE(again) << again.error().describe();
  EXPECT_EQ(told(*again), "dev.new UNKNOWN");
}

// --- a delete is done when the controller has lost the topic, not when it does not say -------------

TEST_F(ApplyResumed, ADeleteThatNobodyMayAskAboutIsUnknown) {
  const auto approved = world_.approve("c1", {deletion("dev.old")});
  at_ = [this](const std::string& here) {
    if (here == "before remove") guarded_.may_ask = false;
  };
  cluster_.inject([](ModelCall call, const TopicName*) {
    return call == ModelCall::kRemove ? Fault::kUnknownUndone : Fault::kNone;
  });
  const auto blind = world_.apply(approved);
  ASSERT_TRUE(blind) << blind.error().describe();
  EXPECT_TRUE(exists("dev.old"));
  EXPECT_EQ(told(*blind), "dev.old UNKNOWN");
  EXPECT_EQ(blind->items[0].outcome.code, "TOPIC_AUTHORIZATION_FAILED");
  recover();
  const auto still_blind = world_.apply(approved);
  ASSERT_TRUE(still_blind) << still_blind.error().describe();
  EXPECT_EQ(told(*still_blind), "dev.old UNKNOWN");
  EXPECT_EQ(removed(), 0U) << "nothing is sent where it is not known what is there";
  guarded_.may_ask = true;
  const auto seen = world_.apply(approved);
  ASSERT_TRUE(seen) << seen.error().describe();
  EXPECT_EQ(told(*seen), "dev.old DONE");
  EXPECT_FALSE(exists("dev.old"));
}

// --- what has not begun is held against what holds now --------------------------------------------

TEST_F(ApplyResumed, WhatARuleForbidsByNowIsHeld) {
  const auto approved = world_.approve("c1", {upsert("dev.new"), deletion("dev.old")});
  die_at("before create", approved);
  auto stricter = policies("stricter");
  stricter.rules = {domain::protected_names({{}, {}}, {"*"})};
  world_.shelf().put(stricter);
  const auto resumed = world_.apply(approved);
  ASSERT_TRUE(resumed) << resumed.error().describe();
  EXPECT_EQ(resumed->state, ExecutionState::kPartial);
  EXPECT_EQ(told(*resumed), "dev.new DONE, dev.old PENDING");
  EXPECT_EQ(resumed->items[1].outcome.code, "plan.violations");
  EXPECT_NE(resumed->items[1].outcome.message.find("delete.protected"), std::string::npos);
  EXPECT_TRUE(exists("dev.old"));
  EXPECT_EQ(audited("dev.old", "refused"), 1);
  // Nothing is left but what is forbidden.
  const auto refused = world_.apply(approved);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(refused.error().code, "plan.violations");
  ASSERT_EQ(refused.error().problems.size(), 1U);
  EXPECT_EQ(refused.error().problems[0].rule, "delete.protected");
  EXPECT_TRUE(exists("dev.old"));
  world_.shelf().put(policies("as before"));
  const auto ended = world_.apply(approved);
  ASSERT_TRUE(ended) << ended.error().describe();
  EXPECT_EQ(ended->state, ExecutionState::kApplied);
}

// The rules are the approved ones; the world is not.
TEST_F(ApplyResumed, ATopicThatIsReadByNowIsNotDeleted) {
  auto strict = policies("strict");
  strict.rules = {domain::protect_consumers({{}, {}}), domain::protect_data({{}, {}})};
  world_.shelf().put(strict);
  const auto approved = world_.approve("c1", {upsert("dev.new"), deletion("dev.old"), deletion("dev.older")});
  die_at("before create", approved);
  cluster_.add_group(TopicName{"dev.old"}, {"readers", "Stable", 2});
  const auto resumed = world_.apply(approved);
  ASSERT_TRUE(resumed) << resumed.error().describe();
  EXPECT_EQ(told(*resumed), "dev.new DONE, dev.old PENDING, dev.older DONE");
  EXPECT_TRUE(exists("dev.old"));
}

TEST_F(ApplyResumed, WhatFailedOnceIsNotRetriedAgainstTheRules) {
  const auto approved = world_.approve("c1", {upsert("dev.new", 3), deletion("dev.old")});
  cluster_.inject([](ModelCall call, const TopicName*) {
    return call == ModelCall::kCreate ? Fault::kRefuse : Fault::kNone;
  });
  const auto failed = world_.apply(approved);
  ASSERT_TRUE(failed) << failed.error().describe();
  EXPECT_EQ(told(*failed), "dev.new FAILED, dev.old DONE");
  recover();
  auto stricter = policies("stricter");
  stricter.rules = {domain::partition_bounds({{}, {}}, {std::nullopt, 2}, {})};
  world_.shelf().put(stricter);
  EXPECT_EQ(world_.apply(approved).error().code, "plan.violations");
  EXPECT_FALSE(exists("dev.new"));
}

// Whose a topic is does not change by a death: a rule about other owners still is none about it.
TEST_F(ApplyResumed, TheOwnerOnRecordIsJudgedAsItWasPlanned) {
  auto mine = upsert("dev.mine", 1);
  mine.metadata.owner = "orders";
  ASSERT_TRUE(world_.apply(world_.approve("c0", {mine})));
  const auto protect = [](const char* owner) {
    domain::RuleHeader header;
    header.scope.owners = {owner};
    return domain::protected_names(header, {"*"});
  };
  auto others = policies("others");
  others.rules = {protect("payments")};
  world_.shelf().put(others);
  const auto approved = world_.approve("c1", {upsert("dev.new"), deletion("dev.mine")});
  die_at("before create", approved);
  auto theirs = policies("theirs");
  theirs.rules = {protect("orders")};
  world_.shelf().put(theirs);
  auto resumed = world_.apply(approved);
  ASSERT_TRUE(resumed) << resumed.error().describe();
  EXPECT_EQ(told(*resumed), "dev.new DONE, dev.mine PENDING");
  world_.shelf().put(others);
  resumed = world_.apply(approved);
  ASSERT_TRUE(resumed) << resumed.error().describe();
  EXPECT_EQ(told(*resumed), "dev.new DONE, dev.mine DONE");
}

// An alter that failed is looked at once more, and stays what it was.
TEST_F(ApplyResumed, AnAlterThatFailedAndIsHeldStaysFailed) {
  const auto approved = world_.approve("c1", {upsert("dev.new"), upsert("dev.old", 2)});
  cluster_.inject([](ModelCall call, const TopicName*) {
    return call == ModelCall::kGrow ? Fault::kRefuse : Fault::kNone;
  });
  const auto failed = world_.apply(approved);
  ASSERT_TRUE(failed) << failed.error().describe();
  EXPECT_EQ(told(*failed), "dev.new DONE, dev.old FAILED");
  recover();
  world_.shelf().put(policies("looking", domain::Mode::kReadOnly));
  EXPECT_EQ(world_.apply(approved).error().code, "mode.read-only");
  world_.shelf().put(policies("going on"));
  const auto ended = world_.apply(approved);
  ASSERT_TRUE(ended) << ended.error().describe();
  EXPECT_EQ(ended->state, ExecutionState::kApplied);
}

// What is half done is told as it is, and not gone on with.
TEST_F(ApplyResumed, AnIntentIsLookedAtWhateverTheModeIs) {
  for (const char* point : {"before create", "after create"}) {
    const bool created = std::string(point) == "after create";
    const std::string change = created ? "c2" : "c1";
    const std::string topic = "dev." + change;
    const auto approved = world_.approve(change, {upsert(topic), deletion(created ? "dev.old" : "dev.older")});
    die_at(point, approved);
    const auto sent = cluster_.mutating_requests();
    world_.shelf().put(policies("looking", domain::Mode::kReadOnly));
    const auto looked = world_.apply(approved);
    ASSERT_TRUE(looked) << looked.error().describe();
    EXPECT_EQ(told(*looked), topic + (created ? " DONE, dev.old PENDING" : " UNKNOWN, dev.older PENDING"));
    EXPECT_EQ(looked->items[1].outcome.code, "mode.read-only");
    EXPECT_EQ(cluster_.mutating_requests(), sent);
    if (created) {
      EXPECT_EQ(world_.apply(approved).error().code, "mode.read-only");
    }
    world_.shelf().put(policies("going on"));
    const auto ended = world_.apply(approved);
    ASSERT_TRUE(ended) << ended.error().describe();
    EXPECT_EQ(ended->state, ExecutionState::kApplied) << told(*ended);
  }
}

// --- the mode is looked at before each chunk, not only at the start --------------------------------

TEST_F(ApplyResumed, AModeStopsWhatIsRunning) {
  for (const auto mode : {domain::Mode::kReadOnly, domain::Mode::kDryRun}) {
    const std::string name(to_string(mode));
    const auto approved = world_.approve("c-" + name, {upsert("dev.a-" + name), upsert("dev.b-" + name),
                                                       deletion(mode == domain::Mode::kDryRun ? "dev.old" : "dev.older")});
    world_.options().chunk = 1;
    const auto sent = cluster_.mutating_requests();
    at_ = [&](const std::string& here) {
      if (here == "after create") world_.shelf().put(policies(name, mode));
    };
    const auto stopped = world_.apply(approved);
    recover();
    ASSERT_TRUE(stopped) << stopped.error().describe();
    EXPECT_EQ(stopped->state, ExecutionState::kPartial) << told(*stopped);
    EXPECT_EQ(cluster_.mutating_requests(), sent + 1);
    EXPECT_EQ(stopped->items[0].outcome.state, ItemState::kDone);
    for (const std::size_t held : {1U, 2U}) {
      EXPECT_EQ(stopped->items[held].outcome.state, ItemState::kPending);
      EXPECT_EQ(stopped->items[held].outcome.code, "mode." + name);
      EXPECT_EQ(stopped->items[held].attempts, 0);
    }
    EXPECT_EQ(world_.apply(approved).error().code, "mode." + name);
    world_.shelf().put(policies("going on"));
    const auto ended = world_.apply(approved);
    ASSERT_TRUE(ended) << ended.error().describe();
    EXPECT_EQ(ended->state, ExecutionState::kApplied) << told(*ended);
  }
}

TEST_F(ApplyResumed, NothingIsSentWhileNobodyCanTellTheMode) {
  const auto approved = world_.approve("c1", {upsert("dev.new"), deletion("dev.old")});
  at_ = [&](const std::string& here) {
    if (here == "after create") world_.shelf().set_away(true);
  };
  const auto stopped = world_.apply(approved);
  recover();
  ASSERT_TRUE(stopped) << stopped.error().describe();
  EXPECT_EQ(told(*stopped), "dev.new DONE, dev.old PENDING");
  EXPECT_EQ(stopped->items[1].outcome.code, "sql.unavailable");
  EXPECT_EQ(removed(), 0U);
  EXPECT_EQ(world_.apply(approved).error().code, "sql.unavailable");
  world_.shelf().set_away(false);
  const auto ended = world_.apply(approved);
  ASSERT_TRUE(ended) << ended.error().describe();
  EXPECT_EQ(ended->state, ExecutionState::kApplied) << told(*ended);
}

}  // namespace
}  // namespace sluice::test
