#include "platform/auth/caching_authenticator.h"

#include <algorithm>

#include "platform/auth/errors.h"
#include "platform/auth/service_token.h"
#include "platform/core/sha256.h"

namespace sluice::auth {
namespace {

bool is_service_token(std::string_view token) { return token.starts_with(kServiceTokenPrefix); }

}  // namespace

CachingAuthenticator::CachingAuthenticator(Verifiers verifiers, const Clock& clock,
                                           CacheOptions options)
    : verifiers_(verifiers),
      clock_(clock),
      options_(options),
      entries_(options.max_tokens),
      refusals_(options.max_refusals) {}

std::shared_ptr<const Principal> CachingAuthenticator::cached(std::string_view token) {
  if (token.empty() || token.size() > kMaxTokenBytes) return nullptr;
  const auto found = entries_.find(sha256(token));
  const auto now = clock_.now();
  if (!found || !(*found)->counts(now)) return nullptr;
  Entry& entry = **found;
  auto idle = Refresh::kIdle;
  if (now >= entry.refresh_at && entry.refresh.compare_exchange_strong(idle, Refresh::kSent)) {
    return nullptr;  // this caller goes to authenticate(), which verifies again
  }
  hits_.fetch_add(1, std::memory_order_relaxed);
  return entry.principal;
}

Result<std::shared_ptr<const Principal>> CachingAuthenticator::authenticate(
    std::string_view token) {
  if (token.empty()) return errors::missing();
  if (token.size() > kMaxTokenBytes) return errors::malformed("it is longer than 8 KiB");
  const Digest digest = sha256(token);
  const auto now = clock_.now();
  if (const auto found = entries_.find(digest); found && (*found)->counts(now)) {
    Entry& entry = **found;
    const bool ours = now >= entry.refresh_at &&
                      entry.refresh.exchange(Refresh::kVerifying) != Refresh::kVerifying;
    if (!ours) {
      hits_.fetch_add(1, std::memory_order_relaxed);
      return entry.principal;
    }
    auto again = verify(token, digest);
    // A store that is down now does not shorten what was promised before.
    const bool still_promised = !again && again.error().retryable() && entry.counts(clock_.now());
    if (still_promised) return entry.principal;
    return again;
  }
  if (auto refusal = refusals_.find(digest)) {
    if (refusal->at <= now && now < refusal->at + options_.refusals) {
      hits_.fetch_add(1, std::memory_order_relaxed);
      return std::move(refusal->error);
    }
  }
  return verify(token, digest);
}

// The age counts from before the store was asked: a revocation that lands while it answers is not
// missed for longer than promised.
Result<std::shared_ptr<const Principal>> CachingAuthenticator::verify(std::string_view token,
                                                                      const Digest& digest) {
  const bool service = is_service_token(token);
  TokenVerifier* verifier = service ? verifiers_.service_tokens : verifiers_.jwts;
  if (verifier == nullptr) return errors::unknown();
  misses_.fetch_add(1, std::memory_order_relaxed);
  const auto began = clock_.now();
  auto verified = verifier->verify(token, Deadline::after(options_.store_wait));
  if (!verified) {
    if (!verified.error().retryable()) {
      entries_.erase(digest);
      refusals_.put(digest, {verified.error(), began});
    }
    return std::move(verified).error();
  }
  const auto lifetime = service ? options_.service_tokens : options_.jwts;
  entries_.put(digest, std::make_shared<Entry>(verified->principal, began, began + lifetime * 4 / 5,
                                               std::min(began + lifetime, verified->expires_at)));
  return std::move(verified->principal);
}

}  // namespace sluice::auth
