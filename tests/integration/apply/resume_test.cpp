// An apply that is gone on with after its process died: what happened before is never told as if it had
// not, and what has not begun is held against what holds now (G16, G25, G26, G27).
#include <gtest/gtest.h>

#include "governance/domain/policy/ownership_rules.h"
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
    Result<std::optional<domain::TopicDetails>> describe(const TopicName& name, Deadline deadline) override {
      return inner_.describe(name, deadline);
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

}  // namespace
}  // namespace sluice::test
