// The catalogue on a real cluster and in the real databases (G8, G27).
#include "governance/application/drift/check_drift.h"
#include "governance/application/plan_topics.h"
#include "governance/infrastructure/catalogue/sql_declarations.h"
#include "governance/interface/catalogue/batch_yaml.h"
#include "governance/interface/topic_batch_reader.h"
#include "integration/catalogue/catalogue_fixture.h"
#include "platform/text/yaml.h"
#include "support/memory_plan_repository.h"
#include "support/memory_topic_records.h"

namespace sluice::governance {
namespace {

using domain::TopicName;

template <typename Kind>
class Catalogue : public CatalogueTest<Kind> {};
TYPED_TEST_SUITE(Catalogue, Kinds);

TYPED_TEST(Catalogue, FollowsATopicFromItsFirstDayToItsLast) {
  const std::string name = "dev.cat." + random_hex(4);
  this->make({name, 2, 1, {{"retention.ms", "3600000"}}});
  this->sync();
  const auto first = this->row(name);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->partitions, 2);
  EXPECT_EQ(first->configs, (std::map<std::string, std::string, std::less<>>{{"retention.ms", "3600000"}}));
  this->sync();
  EXPECT_EQ(this->row(name)->last_change, first->last_change);

  const kafka::ConfigChange change{name, {{"retention.ms", "7200000"}}, {}};
  ASSERT_TRUE(this->admin_->incremental_alter_configs(std::span(&change, 1), kafka::ValidateOnly::kNo, soon())[0]);
  this->sync();
  EXPECT_EQ(this->row(name)->changes, (std::vector<domain::FieldChange>{{"retention.ms", "3600000", "7200000"}}));
  EXPECT_EQ(this->row(name)->first_seen, first->first_seen);

  this->remove(name);
  this->sync();
  EXPECT_TRUE(this->row(name)->gone_at);
  this->make({name, 2, 1, {{"retention.ms", "7200000"}}});
  this->sync();
  EXPECT_FALSE(this->row(name)->gone_at);
  EXPECT_EQ(this->row(name)->changes.at(0).field, "topicId");  // deleted and recreated
  EXPECT_GT(this->row(name)->first_seen, first->first_seen);
}

TYPED_TEST(Catalogue, LeavesOtherEnvironmentsTopicsToThem) {
  const std::string name = "prod.cat." + random_hex(4);
  this->make({name, 1, 1, {}});
  this->sync();
  EXPECT_FALSE(this->row(name));
}

TYPED_TEST(Catalogue, KnowsAWritersRowsByVersionAlone) {
  domain::CataloguedTopic topic;
  topic.environment = domain::EnvironmentName{"dev"};
  topic.name = TopicName{"dev.one"};
  topic.topic_id = "id";
  topic.metadata = {"team-a", "gold", "주문 \"doc\"", {"pii", "x"}};
  topic.configs = {{"a", "1"}};
  topic.changes = {{"a", "", "1"}};
  topic.gone_at = TimePoint{std::chrono::milliseconds{5}};
  ASSERT_TRUE(this->repository_.store(std::span(&topic, 1), soon()));
  ASSERT_TRUE(this->view_.refresh(soon()));
  EXPECT_EQ(*this->row("dev.one"), topic);
  topic.gone_at.reset();
  ASSERT_TRUE(this->repository_.store(std::span(&topic, 1), soon()));
  ASSERT_TRUE(this->view_.refresh(soon()));
  EXPECT_EQ(*this->row("dev.one"), topic);
}

// G4, adoption: what exists, written as a batch, plans to nothing; whatever its settings are.
TYPED_TEST(Catalogue, ComesOutAsABatchThatPlansNothing) {
  const std::string tail = random_hex(4);
  const std::vector<kafka::NewTopic> topics{
      {"dev.imp1." + tail, 3, 1, {}},
      {"dev.imp2." + tail, 1, 1, {{"cleanup.policy", "compact,delete"}, {"min.cleanable.dirty.ratio", "0.01"}}},
      {"dev.imp3." + tail, 1, 1, {{"retention.ms", "-1"}, {"max.message.bytes", "1048588"}}},
      {"dev.imp4." + tail, 1, 1, {{"retention.ms", "604800000"}, {"preallocate", "true"}}},
      {"dev.imp5." + tail, 1, 1, {{"leader.replication.throttled.replicas", "0:1,1:1"}}},
      {"dev.imp6." + tail, 1, 1, {{"follower.replication.throttled.replicas", "*"}, {"segment.bytes", "1048576"}}},
      {"dev.imp7." + tail, 1, 1, {{"leader.replication.throttled.replicas", ""}, {"file.delete.delay.ms", "0"}}}};
  std::vector<TopicName> names;
  for (const auto& topic : topics) {
    this->make(topic);
    names.emplace_back(topic.name);
  }
  const auto state = this->cluster_.read(names, soon()).value();
  std::string yaml = interface::batch_head("dev", "import-dev-001");
  const domain::TopicMetadata metadata{"team: a", "#1", "\"doc\" \\ – 주문", {"yes", "1"}};
  for (const TopicName& name : names) yaml += interface::batch_item(name, state.topics.at(name), &metadata);
  const auto document = text::parse_yaml(yaml);
  ASSERT_TRUE(document) << yaml;
  const auto batch = interface::read_topic_batch(*document, this->policies_.current()->environments);
  ASSERT_TRUE(batch) << batch.error().problems.front().message << yaml;
  EXPECT_EQ(batch->items.front().metadata, metadata);
  test::MemoryPlanRepository plans;
  test::MemoryTopicRecords records;
  application::PlanTopics planner(this->environments_, plans, records, this->policies_, this->clock_);
  const auto plan = planner.plan(*batch, soon());
  ASSERT_TRUE(plan) << plan.error().describe();
  for (const domain::PlannedItem& item : plan->items) {
    EXPECT_EQ(item.action, domain::PlannedAction::kNone) << item.name.view() << "\n" << yaml;
  }
}

// G28: what was declared against what is there, on a real cluster.
TYPED_TEST(Catalogue, TellsWhatIsNoLongerAsDeclared) {
  const std::string name = "dev.drift." + random_hex(4);
  const std::string other = "dev.drift." + random_hex(4);
  this->make({name, 2, 1, {{"retention.ms", "3600000"}}});
  const auto declare = [&](const std::string& topic) {
    domain::PlannedItem item;
    item.name = TopicName{topic};
    item.declared = {2, 1, {{"retention.ms", "3600000"}}, {"segment.ms"}};
    const auto live = this->live(topic);
    const domain::AppliedBy by{domain::EnvironmentName{"dev"}, domain::ChangeId{"c"}, 1,
                               live ? live->topic_id : "gone", this->clock_.now()};
    ASSERT_TRUE(this->database_.database().transaction(
        [&](sql::Session& session) { return infrastructure::record_declaration(session, item, by); }));
  };
  application::CheckDrift drift(this->environments_, this->repository_, this->policies_, this->clock_);
  const auto check = [&] { return drift.check({domain::EnvironmentName{"dev"}, true}, soon()).value(); };
  declare(name);
  EXPECT_TRUE(check().drifted.empty());
  const auto quiet = application::drift_digest(check());

  const kafka::ConfigChange change{name, {{"segment.ms", "7200000"}}, {}};
  ASSERT_TRUE(this->admin_->incremental_alter_configs(std::span(&change, 1), kafka::ValidateOnly::kNo, soon())[0]);
  declare(other);
  const auto report = check();
  ASSERT_EQ(report.drifted.size(), 2u);
  for (const domain::TopicDrift& one : report.drifted) {
    if (one.name.str() == name) {
      EXPECT_EQ(one.fields, (std::vector<domain::DriftedField>{
                                {"segment.ms", std::nullopt, "7200000", domain::ValueSource::kTopic}}));
    } else {
      EXPECT_EQ(one.kind, domain::DriftKind::kMissing);
    }
  }
  EXPECT_NE(application::drift_digest(report), quiet);
  EXPECT_EQ(application::drift_digest(report), application::drift_digest(check()));

  this->remove(name);
  this->make({name, 2, 1, {{"retention.ms", "3600000"}}});
  for (const domain::TopicDrift& one : check().drifted) {
    if (one.name.str() == name) {
      EXPECT_EQ(one.kind, domain::DriftKind::kRecreated);
    }
  }
}

}  // namespace
}  // namespace sluice::governance
