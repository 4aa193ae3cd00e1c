#include "audit/domain/chain_check.h"

#include <gtest/gtest.h>

#include <random>

#include <fmt/format.h>

#include "platform/core/sha256.h"

namespace sluice::audit::domain {
namespace {

std::vector<Record> a_chain(int length, const std::string& salt = "") {
  std::vector<Record> chain;
  std::string prev(kNoHash);
  for (int i = 1; i <= length; ++i) {
    Record record;
    record.environment = "prod";
    record.seq = i;
    record.prev = prev;
    record.at = TimePoint{std::chrono::milliseconds{1'790'000'000'000 + i}};
    record.action = "topic.create";
    record.target = "topic";
    record.name = fmt::format("topic{}{}", i, salt);
    record.change_id = "OPS-1";
    record.actor = {"token:ci", "kim", "lee", "t-1"};
    record.request_id = "r";
    record.outcome = "done";
    record.after = R"({"partitions":3})";
    record.hash = prev = hash_of(record);
    chain.push_back(record);
  }
  return chain;
}

ChainCheck check(const std::vector<Record>& chain, std::vector<CheckpointRef> checkpoints = {}) {
  ChainCheck result(std::move(checkpoints));
  for (const Record& record : chain) result.take(record);
  return result;
}

CheckpointRef ref(const Record& record) { return {record.environment, record.seq, record.hash}; }

TEST(ChainCheckTest, AWholeChain) {
  const auto chain = a_chain(20);
  auto result = check(chain, {ref(chain[4]), ref(chain[16])});
  result.take_head(20, chain.back().hash);
  EXPECT_FALSE(result.fault());
  EXPECT_EQ(result.records(), 20);
  EXPECT_EQ(result.last_agreeing(), ref(chain[16]));
  EXPECT_TRUE(result.contradicting().empty());
  EXPECT_TRUE(result.beyond().empty());
}

TEST(ChainCheckTest, SaysWhichRecordIsTheFirstWrongOne) {
  using Chain = std::vector<Record>;
  struct Case {
    const char* what;
    void (*tamper)(Chain&);
    FaultKind kind;
    std::int64_t seq;
  };
  const Case cases[] = {
      {"an edit", [](Chain& c) { c[6].actor.owner = "mallory"; }, FaultKind::kEdited, 7},
      {"an edit with its hash made new", [](Chain& c) { c[6].detail = "x"; c[6].hash = hash_of(c[6]); }, FaultKind::kBroken, 8},
      {"one removed", [](Chain& c) { c.erase(c.begin() + 6); }, FaultKind::kMissing, 7},
      {"three removed", [](Chain& c) { c.erase(c.begin() + 6, c.begin() + 9); }, FaultKind::kMissing, 7},
      {"the first removed", [](Chain& c) { c.erase(c.begin()); }, FaultKind::kMissing, 1},
      {"two swapped", [](Chain& c) { std::swap(c[6], c[9]); }, FaultKind::kMissing, 7},
      {"two swapped with their numbers", [](Chain& c) { std::swap(c[6], c[9]); std::swap(c[6].seq, c[9].seq); }, FaultKind::kEdited, 7},
      {"one told twice", [](Chain& c) { c.insert(c.begin() + 7, c[6]); }, FaultKind::kReordered, 7},
      {"one put in", [](Chain& c) { Record r = c[6]; r.prev = c[6].hash; r.seq = 8; r.hash = hash_of(r); c[7] = r; }, FaultKind::kBroken, 9},
      {"a first one that is none", [](Chain& c) { c[0].prev = std::string(64, 'a'); c[0].hash = hash_of(c[0]); }, FaultKind::kBroken, 1},
  };
  for (const Case& one : cases) {
    auto chain = a_chain(20);
    one.tamper(chain);
    const auto result = check(chain);
    ASSERT_TRUE(result.fault()) << one.what;
    EXPECT_EQ(result.fault()->kind, one.kind) << one.what << ": " << result.fault()->message;
    EXPECT_EQ(result.fault()->seq, one.seq) << one.what << ": " << result.fault()->message;
  }
}

TEST(ChainCheckTest, TheHeadHasToBeTheLastRecord) {
  const auto chain = a_chain(5);
  const auto with_head = [&](std::int64_t seq, const std::string& hash) {
    auto result = check(chain);
    result.take_head(seq, hash);
    return result.fault();
  };
  EXPECT_FALSE(with_head(5, chain[4].hash));
  EXPECT_EQ(with_head(6, "x")->kind, FaultKind::kTruncated);
  EXPECT_EQ(with_head(6, "x")->seq, 6);
  EXPECT_EQ(with_head(4, chain[3].hash)->kind, FaultKind::kHead);
  EXPECT_EQ(with_head(4, chain[3].hash)->seq, 5);
  EXPECT_EQ(with_head(5, chain[3].hash)->kind, FaultKind::kHead);
}

TEST(ChainCheckTest, ARewrittenChainIsSoundButForItsCheckpoints) {
  const auto signed_chain = a_chain(20);
  const auto rewritten = a_chain(10, "!");
  const auto result = check(rewritten, {ref(signed_chain[2]), ref(signed_chain[9]), ref(signed_chain[14])});
  EXPECT_FALSE(result.fault());
  EXPECT_FALSE(result.last_agreeing());
  EXPECT_EQ(result.contradicting().size(), 2U);
  ASSERT_EQ(result.beyond().size(), 1U);
  EXPECT_EQ(result.beyond()[0].seq, 15);
}

// Any change of any one field of any record is found, and at that record.
TEST(ChainCheckTest, EveryMutationOfASingleFieldIsFound) {
  const auto seed = std::random_device{}();
  RecordProperty("seed", static_cast<int>(seed));
  SCOPED_TRACE(fmt::format("seed {}", seed));
  std::mt19937_64 random(seed);
  const auto chain = a_chain(30);
  for (int round = 0; round < 3'000; ++round) {
    auto tampered = chain;
    Record& victim = tampered[random() % tampered.size()];
    std::string* const texts[] = {&victim.environment, &victim.prev,        &victim.hash,         &victim.action,
                                  &victim.target,      &victim.name,        &victim.change_id,    &victim.actor.id,
                                  &victim.actor.owner, &victim.actor.issuer, &victim.actor.token_id,
                                  &victim.request_id,  &victim.outcome,     &victim.before,       &victim.after,
                                  &victim.detail};
    const std::size_t field = random() % (std::size(texts) + 2);
    const Record before = victim;
    if (field == std::size(texts)) victim.seq += static_cast<std::int64_t>(random() % 7) - 3;
    else if (field > std::size(texts)) victim.at += std::chrono::milliseconds{1 + random() % 100'000};
    else if (std::string& text = *texts[field]; text.empty() || random() % 3 == 0) text.push_back('x');
    else if (random() % 2 == 0) text[random() % text.size()] ^= static_cast<char>(1 + random() % 15);
    else text.pop_back();
    if (victim == before) continue;
    const auto result = check(tampered);
    ASSERT_TRUE(result.fault()) << "field " << field << " of record " << before.seq;
    EXPECT_LE(result.fault()->seq, before.seq) << "field " << field << ": " << result.fault()->message;
  }
}

}  // namespace
}  // namespace sluice::audit::domain
