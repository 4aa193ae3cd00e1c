// The queue on the real databases with the real migrations (G13): transactional, shared by several
// processes, bounded, and nothing lost.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "notify/application/deliverer.h"
#include "notify/application/notifications_desk.h"
#include "notify/application/queue_keeper.h"
#include "notify/infrastructure/slack_sender.h"
#include "notify/infrastructure/sql_delivery_store.h"
#include "notify/infrastructure/sql_notification_queue.h"
#include "support/http_target.h"
#include "support/migrated_database.h"

namespace sluice::notify {
namespace {

using namespace std::chrono_literals;
using contract::Event;
using domain::Delivery;
using domain::DeliveryState;
using infrastructure::SqlDeliveryStore;
using infrastructure::SqlNotificationQueue;

contract::Notification notification(std::string change_id = "PAY-1") {
  return {.event = Event::kApproved,
          .environment = "prod",
          .change_id = std::move(change_id),
          .issue = "",
          .actor = {"kim", "kim", "kim", ""},
          .summary = "1 create",
          .facts = Json{{"digest", "d"}}};
}

template <sql::Dialect dialect>
class Fixture {
 public:
  static constexpr sql::Dialect kDialect = dialect;
  sql::Database& database() { return migrated_.database(); }

 private:
  test::MigratedDatabase<dialect> migrated_;
};

template <typename Database>
class QueueTest : public testing::Test {
 protected:
  SqlNotificationQueue queue(std::vector<domain::Target> targets) {
    return {Database::kDialect, std::move(targets), clock_, ids_};
  }
  void enqueue(int count = 1, const std::string& target = "slack") {
    auto to = queue({{target, domain::TargetKind::kSlack, {}, {}, {}}});
    for (int i = 0; i < count; ++i) {
      const auto done = db().transaction([&](sql::Session& session) { return to.enqueue(session, notification()); });
      ASSERT_TRUE(done) << done.error().describe();
    }
  }
  std::int64_t count(const std::string& where) {
    const auto rows = db().query("SELECT CAST(count(*) AS bigint) AS n FROM notify_deliveries WHERE " + where);
    EXPECT_TRUE(rows) << rows.error().describe();
    return rows->row(0).integer("n");
  }
  void execute(const std::string& statement) {
    const auto done = db().execute(statement);
    ASSERT_TRUE(done) << done.error().describe();
  }
  Delivery claim(const std::string& target = "slack") {
    const auto claimed = store_.claim(target, 30s);
    EXPECT_TRUE(claimed) << claimed.error().describe();
    EXPECT_TRUE(claimed->has_value());
    return **claimed;
  }
  sql::Database& db() { return fixture_.database(); }

  Database fixture_;
  SystemClock clock_;
  UuidV7Source ids_{clock_};
  SqlDeliveryStore store_{fixture_.database()};
};

using Databases = testing::Types<Fixture<sql::Dialect::kPostgres>, Fixture<sql::Dialect::kSqlite>>;
TYPED_TEST_SUITE(QueueTest, Databases);

TYPED_TEST(QueueTest, KeepsOneRowForEachTargetAndPartThatWantsIt) {
  auto to = this->queue({{"slack", domain::TargetKind::kSlack, {}, {}, {}},
                         {"other", domain::TargetKind::kSlack, {"drift.found"}, {}, {}},
                         {"jira", domain::TargetKind::kJira, {}, {}, {{"change.approved", "Go"}}}});
  ASSERT_TRUE(this->db().transaction([&](sql::Session& session) { return to.enqueue(session, notification()); }));
  EXPECT_EQ(this->count("target = 'slack' AND part = 'message'"), 1);
  EXPECT_EQ(this->count("target = 'jira' AND part = 'message'"), 1);
  EXPECT_EQ(this->count("target = 'jira' AND part = 'transition'"), 1);
  EXPECT_EQ(this->count("target = 'other'"), 0);
  const Delivery delivery = this->claim();
  EXPECT_EQ(delivery.message.event, "change.approved");
  EXPECT_EQ(delivery.message.issue, "PAY-1");
  EXPECT_EQ(delivery.message.facts["digest"], "d");
  EXPECT_EQ(delivery.attempts, 1);
}

TYPED_TEST(QueueTest, TellsNothingOfATransactionThatDidNotCommit) {
  auto to = this->queue({{"slack", domain::TargetKind::kSlack, {}, {}, {}}});
  const auto done = this->db().transaction([&](sql::Session& session) -> Status {
    SLUICE_CHECK(to.enqueue(session, notification()));
    return Error{ErrorKind::kConflict, "test", "no", "", {}};
  });
  EXPECT_FALSE(done);
  EXPECT_EQ(this->count("1 = 1"), 0);
}

TYPED_TEST(QueueTest, LeasesAClaimAndFencesWhoeverOutlivedIt) {
  this->enqueue();
  const Delivery first = this->claim();
  EXPECT_FALSE(this->store_.claim("slack", 30s)->has_value()) << "leased";
  this->execute("UPDATE notify_deliveries SET lease_until_ms = 1");
  const Delivery second = this->claim();
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.attempts, 2);
  EXPECT_FALSE(*this->store_.mark_dead(first, "late"));
  EXPECT_FALSE(*this->store_.postpone(first, 1s, "late"));
  EXPECT_TRUE(*this->store_.mark_delivered(second));
  EXPECT_FALSE(*this->store_.mark_delivered(second));
  EXPECT_EQ(this->count("state = 'DELIVERED'"), 1);
}

TYPED_TEST(QueueTest, PostponesOnTheDatabasesClock) {
  this->enqueue();
  EXPECT_TRUE(*this->store_.postpone(this->claim(), 1h, "answered 500"));
  EXPECT_FALSE(this->store_.claim("slack", 30s)->has_value());
  EXPECT_EQ(this->count("due_at_ms > created_at_ms + 3590000 AND due_at_ms < created_at_ms + 3700000 AND reason = 'answered 500'"), 1);
  this->execute("UPDATE notify_deliveries SET due_at_ms = 1");
  EXPECT_EQ(this->claim().attempts, 2);
}

TYPED_TEST(QueueTest, GivesEachDeliveryToOneOfManyProcesses) {
  this->enqueue(60);
  std::vector<std::set<std::string>> had(4);
  std::atomic<int> total{0};
  std::vector<std::thread> threads;
  for (auto& mine : had) {
    threads.emplace_back([&] {
      SqlDeliveryStore store(this->db());
      for (;;) {
        const auto claimed = store.claim("slack", 30s);
        ASSERT_TRUE(claimed) << claimed.error().describe();
        if (!*claimed && this->count("state = 'PENDING' AND lease_until_ms = 0") == 0) return;  // SKIP LOCKED: others may hold the rest
        if (!*claimed) continue;
        ++total;
        mine.insert((*claimed)->id);
        ASSERT_TRUE(*store.mark_delivered(**claimed));
      }
    });
  }
  for (auto& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& mine : had) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(total.load(), 60);
  EXPECT_EQ(all.size(), 60U);
  EXPECT_EQ(this->count("state = 'DELIVERED'"), 60);
}

TYPED_TEST(QueueTest, EndsTheOldestBeyondItsLimitAndSaysSo) {
  this->enqueue(10);
  this->execute("UPDATE notify_deliveries SET reason = 'answered 500' WHERE id = (SELECT min(id) FROM notify_deliveries)");
  const auto dropped = this->store_.end_beyond(7);
  ASSERT_TRUE(dropped) << dropped.error().describe();
  EXPECT_EQ(*dropped, (std::map<std::string, std::int64_t>{{"slack", 3}}));
  EXPECT_EQ(this->count("state = 'PENDING'"), 7);
  EXPECT_EQ(this->count("state = 'DEAD' AND reason = 'the queue was full'"), 2);
  EXPECT_EQ(this->count("state = 'DEAD' AND reason = 'the queue was full; last: answered 500'"), 1);
  EXPECT_EQ(this->count("state = 'DEAD' AND id > (SELECT min(id) FROM notify_deliveries WHERE state = 'PENDING')"), 0) << "the oldest";
  EXPECT_TRUE(this->store_.end_beyond(7)->empty());
}

TYPED_TEST(QueueTest, EndsWhatWaitsTooLongAndForgetsWhatEndedLongAgo) {
  this->enqueue(3);
  this->execute("UPDATE notify_deliveries SET queued_at_ms = 1 WHERE id = (SELECT min(id) FROM notify_deliveries)");
  EXPECT_EQ(*this->store_.end_overdue(1h), (std::map<std::string, std::int64_t>{{"slack", 1}}));
  EXPECT_EQ(this->count("state = 'DEAD' AND reason = 'waited too long'"), 1);
  ASSERT_TRUE(this->store_.drop_ended(24h));
  EXPECT_EQ(this->count("state = 'DEAD'"), 1);
  this->execute("UPDATE notify_deliveries SET finished_at_ms = 1 WHERE state = 'DEAD'");
  ASSERT_TRUE(this->store_.drop_ended(24h));
  EXPECT_EQ(this->count("state = 'DEAD'"), 0);
  EXPECT_EQ(*this->store_.count_pending(), (std::map<std::string, std::int64_t>{{"slack", 2}}));
}

TYPED_TEST(QueueTest, RevivesADeadDeliveryAndOnlyADeadOne) {
  this->enqueue();
  const Delivery delivery = this->claim();
  EXPECT_FALSE(*this->store_.revive(delivery.id));
  ASSERT_TRUE(*this->store_.mark_dead(delivery, "answered 404"));
  application::NotificationsDesk desk(this->store_, {}, this->clock_, this->ids_);
  EXPECT_TRUE(desk.retry(delivery.id));
  EXPECT_EQ(desk.retry(delivery.id).error().code, "notify.not-dead");
  EXPECT_EQ(desk.retry("nobody").error().code, "notify.not-found");
  EXPECT_EQ(desk.test("nobody", "", "kim").error().code, "notify.no-target");
  EXPECT_EQ(this->claim().attempts, 1) << "forgiven";
}

TYPED_TEST(QueueTest, ListsNewestFirstByPages) {
  this->enqueue(3);
  this->enqueue(2, "ops");
  const auto first = this->store_.list({}, "", 3);
  ASSERT_TRUE(first) << first.error().describe();
  ASSERT_EQ(first->size(), 3U);
  EXPECT_EQ(first->front().target, "ops");
  const auto second = this->store_.list({}, first->back().id, 3);
  ASSERT_EQ(second->size(), 2U);
  EXPECT_LT(second->front().id, first->back().id);
  EXPECT_EQ(this->store_.list({DeliveryState::kDead, ""}, "", 9)->size(), 0U);
  EXPECT_EQ(this->store_.list({DeliveryState::kPending, "slack"}, "", 9)->size(), 3U);
  EXPECT_EQ(this->store_.find(first->front().id)->value().change_id, "PAY-1");
}

// A target that is down delays no other, loses nothing, and gets everything when it is back.
TYPED_TEST(QueueTest, ATargetThatIsDownBlocksAndLosesNothing) {
  std::atomic<bool> up{false};
  test::HttpTarget server;
  server.on(http::Method::kPost, "/hook", [&](const http::Request&) { return http::Response::text(up ? 200 : 500, ""); }).start();
  this->enqueue(3);
  this->enqueue(3, "ops");
  const auto destination = infrastructure::parse_destination(server.origin() + "/hook");
  infrastructure::SlackSender sender(*destination, infrastructure::Reach::kPrivateToo, "");
  const auto deliver_all = [&](const std::string& target) {
    for (int i = 0; i < 3; ++i) {
      application::Deliverer deliverer(target, sender, this->store_, {}, [](const application::Outcome&) {});
      ASSERT_TRUE(deliverer.run_once());
    }
  };
  deliver_all("slack");
  EXPECT_EQ(this->count("target = 'slack' AND state = 'PENDING' AND attempts = 1 AND reason = 'answered 500'"), 3);
  up = true;
  deliver_all("ops");
  EXPECT_EQ(this->count("target = 'ops' AND state = 'DELIVERED'"), 3);
  this->execute("UPDATE notify_deliveries SET due_at_ms = 1");
  deliver_all("slack");
  EXPECT_EQ(this->count("state = 'DELIVERED'"), 6);
}

TYPED_TEST(QueueTest, RefusesStatesThatCanNotBe) {
  this->enqueue();
  for (const char* wrong : {"state = 'GONE'", "state = 'DEAD', finished_at_ms = 1, reason = ''", "state = 'DELIVERED'",
                            "finished_at_ms = 1", "part = 'half'", "attempts = -1"}) {
    EXPECT_FALSE(this->db().execute(std::string("UPDATE notify_deliveries SET ") + wrong)) << wrong;
  }
}

}  // namespace
}  // namespace sluice::notify
