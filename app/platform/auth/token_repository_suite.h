// What every token repository must do. Each implementation's test file gives a Fixture with
// `TokenRepository& repository()`, empty at the start of each test, and instantiates the suite:
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, TokenRepositorySuite, MemoryFixture);
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "platform/auth/token_repository.h"

namespace sluice::auth {

inline Deadline soon() { return Deadline::after(std::chrono::seconds{10}); }

inline ServiceToken token_for_test(const std::string& id) {
  ServiceToken token;
  token.id = id;
  token.secret_hash = hash_secret("secret of " + id);
  token.principal = "token:ci-orders";
  token.owner = "kim@example.com \xe2\x82\xac \"quoted\" 'x'";
  token.grants = {{Role::kEditor, "prod", "prod.orders.*"}, {Role::kViewer, "*", "*"}};
  token.issuer = "alex@example.com";
  token.created_at = TimePoint{std::chrono::milliseconds{1'700'000'000'123}};
  token.expires_at = token.created_at + std::chrono::hours{24};
  return token;
}

template <typename Fixture>
class TokenRepositorySuite : public testing::Test {
 protected:
  TokenRepository& repository() { return fixture_.repository(); }
  Fixture fixture_;
};
TYPED_TEST_SUITE_P(TokenRepositorySuite);

TYPED_TEST_P(TokenRepositorySuite, FindsWhatWasAdded) {
  auto full = token_for_test("b000000000000000");
  full.revoked_at = full.created_at + std::chrono::hours{1};
  full.last_used_at = full.created_at + std::chrono::minutes{1};
  for (const auto& token : {token_for_test("a000000000000000"), full}) {
    ASSERT_TRUE(this->repository().add(token, soon()));
    const auto found = this->repository().find(token.id, soon());
    ASSERT_TRUE(found) << found.error().describe();
    EXPECT_EQ(*found, token);
  }
}

TYPED_TEST_P(TokenRepositorySuite, FindsNothingForAnUnknownId) {
  ASSERT_TRUE(this->repository().add(token_for_test("a000000000000000"), soon()));
  for (const char* id : {"", "a", "A000000000000000", "a00000000000000%", "a000000000000000 "}) {
    EXPECT_EQ(*this->repository().find(id, soon()), std::nullopt) << id;
  }
}

TYPED_TEST_P(TokenRepositorySuite, RefusesAnIdTwice) {
  auto token = token_for_test("a000000000000000");
  ASSERT_TRUE(this->repository().add(token, soon()));
  token.secret_hash = hash_secret("other");
  const auto again = this->repository().add(token, soon());
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
  EXPECT_EQ((*this->repository().find(token.id, soon()))->secret_hash,
            hash_secret("secret of " + token.id));
}

TYPED_TEST_P(TokenRepositorySuite, ListsInPagesById) {
  for (const char* id :
       {"c000000000000000", "0000000000000000", "a000000000000000", "9000000000000000"}) {
    ASSERT_TRUE(this->repository().add(token_for_test(id), soon()));
  }
  const auto page = [&](std::string_view after, int limit) {
    std::vector<std::string> ids;
    const auto listed = this->repository().list(after, limit, soon());
    EXPECT_TRUE(listed) << listed.error().describe();
    for (const auto& token : *listed) ids.push_back(token.id.substr(0, 1));
    return ids;
  };
  EXPECT_THAT(page("", 2), testing::ElementsAre("0", "9"));
  EXPECT_THAT(page("9000000000000000", 2), testing::ElementsAre("a", "c"));
  EXPECT_THAT(page("c000000000000000", 2), testing::ElementsAre());
  EXPECT_THAT(page("", 100), testing::SizeIs(4));
}

TYPED_TEST_P(TokenRepositorySuite, RevokesOnceAndKeepsTheTime) {
  auto token = token_for_test("a000000000000000");
  ASSERT_TRUE(this->repository().add(token, soon()));
  const auto first = token.created_at + std::chrono::hours{1};
  EXPECT_TRUE(*this->repository().revoke(token.id, first, soon()));
  EXPECT_TRUE(*this->repository().revoke(token.id, first + std::chrono::hours{1}, soon()));
  EXPECT_FALSE(*this->repository().revoke("b000000000000000", first, soon()));
  token.revoked_at = first;
  EXPECT_EQ(*this->repository().find(token.id, soon()), token);
}

TYPED_TEST_P(TokenRepositorySuite, NotesUsesThatNeverGoBack) {
  auto token = token_for_test("a000000000000000");
  ASSERT_TRUE(this->repository().add(token, soon()));
  const auto later = token.created_at + std::chrono::hours{2};
  EXPECT_TRUE(this->repository().touch(token.id, later, soon()));
  EXPECT_TRUE(this->repository().touch(token.id, later - std::chrono::hours{1}, soon()));
  EXPECT_TRUE(this->repository().touch("b000000000000000", later, soon()));
  token.last_used_at = later;
  EXPECT_EQ(*this->repository().find(token.id, soon()), token);
}

REGISTER_TYPED_TEST_SUITE_P(TokenRepositorySuite, FindsWhatWasAdded, FindsNothingForAnUnknownId,
                            RefusesAnIdTwice, ListsInPagesById, RevokesOnceAndKeepsTheTime,
                            NotesUsesThatNeverGoBack);

}  // namespace sluice::auth
