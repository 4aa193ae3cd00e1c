// Declarations in the real databases, laid over each other in the transactions of their outcomes.
#include "governance/infrastructure/catalogue/sql_declarations.h"

#include <gtest/gtest.h>

#include "governance/infrastructure/catalogue/sql_topic_records.h"
#include "support/migrated_database.h"

namespace sluice::governance::infrastructure {
namespace {

const domain::AppliedBy kBy{domain::EnvironmentName{"prod"}, domain::ChangeId{"c-1"}, 2, "topic-id",
                            TimePoint{std::chrono::milliseconds{1'700'000'000'123}}};

domain::PlannedItem an_item(domain::PlannedAction action = domain::PlannedAction::kAlter) {
  domain::PlannedItem item;
  item.name = domain::TopicName{"prod.주문"};
  item.action = action;
  item.declared = {12, 3, {{"cleanup.policy", "compact"}, {"retention.ms", "-1"}}, {"segment.ms"}};
  item.metadata = {"team", "P99<200ms", "a \"doc\"", {"b", "a"}};
  return item;
}

template <sql::Dialect dialect>
struct Kind {
  static constexpr sql::Dialect kDialect = dialect;
};

template <typename Kind>
class Declarations : public testing::Test {
 protected:
  Status record(const domain::PlannedItem& item) {
    return database_.database().transaction(
        [&](sql::Session& session) { return record_declaration(session, item, kBy); });
  }
  std::optional<domain::Declaration> find() {
    auto found = database_.database().transaction(
        [&](sql::Session& session) { return find_declaration(session, kBy.environment, an_item().name); });
    EXPECT_TRUE(found) << found.error().describe();
    return std::move(found).value();
  }
  test::MigratedDatabase<Kind::kDialect> database_;
};
using Kinds = testing::Types<Kind<sql::Dialect::kPostgres>, Kind<sql::Dialect::kSqlite>>;
TYPED_TEST_SUITE(Declarations, Kinds);

TYPED_TEST(Declarations, ComeBackAsTheyWereRecorded) {
  ASSERT_TRUE(this->record(an_item()));
  const auto found = this->find();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fields.partitions, 12);
  EXPECT_EQ(found->fields.replication_factor, 3);
  EXPECT_EQ(found->fields.set, an_item().declared.set);
  EXPECT_EQ(found->fields.unset, an_item().declared.unset);
  EXPECT_EQ(found->metadata, an_item().metadata);
  EXPECT_EQ(found->topic_id, "topic-id");
  EXPECT_EQ(found->change_id.str(), "c-1");
  EXPECT_EQ(found->revision, 2);
  EXPECT_EQ(found->applied_at, kBy.applied_at);
}

TYPED_TEST(Declarations, TellWhatWasSaidAboutTopics) {
  ASSERT_TRUE(this->record(an_item()));
  SqlTopicRecords records(this->database_.database());
  const std::vector<domain::TopicName> names{domain::TopicName{"prod.other"}, an_item().name};
  const auto soon = Deadline::after(std::chrono::seconds{20});
  const auto found = records.metadata_of(kBy.environment, names, soon);
  ASSERT_TRUE(found) << found.error().describe();
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->at(an_item().name), an_item().metadata);
  EXPECT_TRUE(records.metadata_of(domain::EnvironmentName{"dev"}, names, soon)->empty());
  EXPECT_TRUE(records.metadata_of(kBy.environment, {}, soon)->empty());
}

TYPED_TEST(Declarations, AreLaidOverEachOther) {
  ASSERT_TRUE(this->record(an_item()));
  auto second = an_item();
  second.declared = {std::nullopt, std::nullopt, {{"segment.ms", "5"}}, {"retention.ms"}};
  ASSERT_TRUE(this->record(second));
  ASSERT_TRUE(this->record(second));  // again: no other outcome
  const auto found = this->find();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->fields.partitions, 12);
  EXPECT_EQ(found->fields.set,
            (std::map<std::string, std::string, std::less<>>{{"cleanup.policy", "compact"}, {"segment.ms", "5"}}));
  EXPECT_EQ(found->fields.unset, std::vector<std::string>{"retention.ms"});
}

TYPED_TEST(Declarations, EndWithADelete) {
  ASSERT_TRUE(this->record(an_item()));
  auto deletion = an_item(domain::PlannedAction::kDelete);
  deletion.requested = domain::ItemAction::kDelete;
  ASSERT_TRUE(this->record(deletion));
  EXPECT_FALSE(this->find());
}

}  // namespace
}  // namespace sluice::governance::infrastructure
