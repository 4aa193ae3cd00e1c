// No token but the one that was given out: every field flipped, 400 mutations of its text, statements
// signed for something else (G2).
#include <fmt/format.h>

#include <cstdlib>
#include <random>

#include "approval_fixture.h"
#include "governance/domain/change/approval_claims.h"
#include "platform/auth/base64url.h"
#include "platform/auth/signed_text.h"
#include "platform/core/canonical_json.h"
#include "platform/core/text.h"

namespace sluice::test {
namespace {

class ApprovalToken : public testing::Test {
 protected:
  void SetUp() override { token_ = bench_.approve(bench_.plan("a"), caller("lee")).value().token; }

  [[nodiscard]] bool accepted(const std::string& token) { return bench_.gate->by_token(token, soon()).has_value(); }
  [[nodiscard]] Json claims() const {
    return Json::parse(*auth::decode_base64url(split(token_, '.').at(1)));
  }
  // Signed with the server's own key, as somebody who could make it sign anything would have it.
  [[nodiscard]] std::string signed_with(const Json& claims, std::string_view mark = "slat1") const {
    return auth::sign_text(bench_.keys, mark, canonical_json(claims)).value();
  }

  ApprovalBench<sql::Dialect::kSqlite> bench_;
  std::string token_;
};

TEST_F(ApprovalToken, IsAcceptedAsItIs) {
  EXPECT_TRUE(token_.starts_with("slat1."));
  EXPECT_TRUE(accepted(token_));
  EXPECT_EQ(signed_with(claims()), token_);
}

TEST_F(ApprovalToken, EveryFieldIsBoundEvenUnderAGoodSignature) {
  const Json whole = claims();
  ASSERT_EQ(whole.size(), 17U);
  for (const auto& [name, value] : whole.items()) {
    Json altered = whole;
    if (value.is_string()) altered[name] = value.get<std::string>() + "x";
    if (value.is_number()) altered[name] = value.get<std::int64_t>() + 1;
    if (value.is_object()) altered[name]["owner"] = "joe";
    if (value.is_array()) altered[name][0]["owner"] = "joe";
    ASSERT_NE(altered, whole) << name;
    EXPECT_FALSE(accepted(signed_with(altered))) << name;
    // And without the key: the payload exchanged under the old signature.
    auto parts = split(token_, '.');
    parts[1] = auth::encode_base64url(canonical_json(altered));
    EXPECT_FALSE(accepted(join(parts, "."))) << name;
  }
}

TEST_F(ApprovalToken, WhatWasSignedForSomethingElseIsNone) {
  EXPECT_FALSE(accepted(signed_with(claims(), "slcp1")));
  EXPECT_FALSE(accepted(""));
  EXPECT_FALSE(accepted("slat1..."));
  auto parts = split(token_, '.');
  EXPECT_FALSE(accepted(parts[0] + "." + parts[1] + "." + parts[2]));
  EXPECT_FALSE(accepted(token_ + "."));
  EXPECT_FALSE(accepted(" " + token_));
}

TEST_F(ApprovalToken, AnotherInstallationsKeyIsNotOurs) {
  ApprovalBench<sql::Dialect::kSqlite> other;
  EXPECT_FALSE(accepted(auth::sign_text(other.keys, "slat1", canonical_json(claims())).value()));
}

TEST_F(ApprovalToken, CountsOnAfterTheKeysWereRotated) {
  bench_.clock.advance(std::chrono::seconds{5});
  ASSERT_TRUE(auth::generate_signing_key(bench_.keys_folder(), bench_.clock));
  bench_.clock.advance(std::chrono::seconds{5});
  EXPECT_TRUE(accepted(token_));
}

TEST_F(ApprovalToken, IsVerifiedOfflineWithThePublishedKeys) {
  const Json jwks = bench_.keys.public_keys().value();
  EXPECT_TRUE(governance::infrastructure::open_approval(jwks, token_));
  EXPECT_FALSE(governance::infrastructure::open_approval(jwks, token_.substr(0, token_.size() - 1) + "_"));
}

TEST_F(ApprovalToken, NoneOf400MutationsIsAccepted) {
  const char* given = std::getenv("SLUICE_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::mt19937_64 random(seed);
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ";
  for (int i = 0; i < 400; ++i) {
    std::string mutated = token_;
    const std::size_t at = random() % mutated.size();
    const char letter = kAlphabet[random() % kAlphabet.size()];
    switch (i % 4) {
      case 0: mutated[at] = letter; break;
      case 1: mutated.erase(at, 1 + random() % 5); break;
      case 2: mutated.insert(at, 1, letter); break;
      default: std::swap(mutated[at], mutated[random() % mutated.size()]); break;
    }
    if (mutated == token_) continue;
    EXPECT_FALSE(accepted(mutated)) << fmt::format("seed {}, mutation {}: {}", seed, i, mutated);
  }
}

// Who can write to the database can't approve: rows count by their signatures.
TEST_F(ApprovalToken, ARowWithoutASignatureCountsForNothing) {
  bench_.clock.advance(std::chrono::seconds{1});
  const std::string digest = bench_.plan("b", {"kim", "kim", "", ""}, 2);
  const auto first = bench_.approve(digest, caller("lee"));
  ASSERT_TRUE(first);
  auto& database = bench_.database.database();
  ASSERT_TRUE(database.execute(
      "INSERT INTO governance_approvals (id, change_id, revision, digest, requester, requester_owner, requester_issuer,"
      " approver, approver_owner, approver_issuer, decision, comment, statement, created_at_ms, expires_at_ms)"
      " SELECT 'forged', change_id, revision, digest, requester, requester_owner, requester_issuer, 'eve', 'eve', 'eve',"
      " decision, comment, statement, created_at_ms, expires_at_ms FROM governance_approvals WHERE digest = $1",
      {digest}));
  ASSERT_TRUE(database.execute("UPDATE governance_changes SET state = 'APPROVED'"));
  EXPECT_EQ(bench_.gate_code(bench_.gate->by_change(kChange, soon())), "change.not-approved");
}

}  // namespace
}  // namespace sluice::test
