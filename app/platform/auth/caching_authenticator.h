// The authenticator of the running program: recognises the kind of a token, has it verified once,
// and remembers the outcome under the token's SHA-256. Thread-safe.
//
// What is remembered ends at the latest
//   - for a service token 5 s after its verification began, so a revocation counts within 5 s;
//   - for a JWT 60 s after (a key taken out of the key set counts within that time);
//   - at the token's own expiry, which is compared with the clock at every use.
// When most of that time is over, one caller is sent to verify again while the others still hit, so
// a busy token does not send a herd to the database. Refusals are remembered for a second, in a
// bounded memory of their own, so that guessing can't push good tokens out. While the store is
// down, tokens that are still remembered go on working and all others get kUnavailable.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "platform/auth/digest_cache.h"
#include "platform/auth/principal.h"
#include "platform/auth/token_verifier.h"
#include "platform/core/clock.h"

namespace sluice::auth {

struct CacheOptions {
  std::chrono::milliseconds service_tokens{5'000};
  std::chrono::milliseconds jwts{60'000};
  std::chrono::milliseconds refusals{1'000};
  std::chrono::milliseconds store_wait{5'000};  // the deadline of one verification
  std::size_t max_tokens = 16'384;
  std::size_t max_refusals = 4'096;
};

class CachingAuthenticator final : public Authenticator {
 public:
  // Either may be null: tokens of that kind are then unknown.
  struct Verifiers {
    TokenVerifier* service_tokens = nullptr;
    TokenVerifier* jwts = nullptr;
  };
  CachingAuthenticator(Verifiers verifiers, const Clock& clock, CacheOptions options = {});

  Result<std::shared_ptr<const Principal>> authenticate(std::string_view bearer_token) override;
  std::shared_ptr<const Principal> cached(std::string_view bearer_token) override;

  // Since the start: calls answered from memory, refusals included, and calls that had a token verified.
  struct Stats {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
  };
  [[nodiscard]] Stats stats() const { return {hits_.load(), misses_.load()}; }

  [[nodiscard]] std::size_t remembered_for_test() const {
    return entries_.size() + refusals_.size();
  }

 private:
  enum class Refresh : std::uint8_t { kIdle, kSent, kVerifying };
  struct Entry {
    Entry(std::shared_ptr<const Principal> who, TimePoint began, TimePoint again, TimePoint end)
        : principal(std::move(who)), verified_at(began), refresh_at(again), good_until(end) {}
    // Before verified_at the clock was set back: then the age is unknown.
    [[nodiscard]] bool counts(TimePoint now) const {
      return verified_at <= now && now < good_until;
    }

    const std::shared_ptr<const Principal> principal;
    const TimePoint verified_at;
    const TimePoint refresh_at;
    const TimePoint good_until;
    std::atomic<Refresh> refresh{Refresh::kIdle};
  };
  struct Refusal {
    Error error;
    TimePoint at;
  };

  Result<std::shared_ptr<const Principal>> verify(std::string_view token, const Digest& digest);

  const Verifiers verifiers_;
  const Clock& clock_;
  const CacheOptions options_;
  DigestCache<std::shared_ptr<Entry>> entries_;  // shared: a hit outlives its eviction
  DigestCache<Refusal> refusals_;
  std::atomic<std::uint64_t> hits_{0};
  std::atomic<std::uint64_t> misses_{0};
};

}  // namespace sluice::auth
