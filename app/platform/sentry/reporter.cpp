#include "platform/sentry/reporter.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "platform/core/id_source.h"

namespace sluice::sentry {
namespace {

constexpr std::size_t kQueue = 100;
constexpr std::size_t kMostKinds = 200;  // of errors remembered as sent
constexpr int kMostAMinute = 30;
constexpr std::chrono::minutes kWindow{1};
constexpr std::chrono::seconds kWait{1};
constexpr std::chrono::seconds kPostDeadline{5};
constexpr std::chrono::seconds kUsualPause{60};
constexpr std::chrono::seconds kLongestPause{3600};
constexpr std::size_t kMostAnswer = 64 * 1024;

http::ClientOptions client_options() {
  http::ClientOptions options;
  options.response_limit = kMostAnswer;
  return options;
}

std::chrono::seconds pause_of(const http::ClientResponse& answer) {
  const std::string_view text = answer.headers.get("retry-after");
  std::int64_t seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc{} || end != text.data() + text.size()) return kUsualPause;
  return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 1, kLongestPause.count())};
}

}  // namespace

Reporter::Reporter(ReporterOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      scrubber_(options_.secrets),
      client_(client_options()),
      queue_(kQueue),
      window_began_(clock.now()) {}

std::optional<std::uint64_t> Reporter::admit(const log::Entry& entry) {
  const TimePoint now = clock_.now();
  MutexLock lock(mutex_);
  if (now - window_began_ >= kWindow) {
    window_began_ = now;
    in_window_ = 0;
    std::erase_if(seen_, [&](const auto& one) { return one.second.suppressed == 0 && now - one.second.sent_at >= kWindow; });
  }
  if (seen_.size() >= kMostKinds) seen_.clear();
  const auto [seen, is_new] = seen_.try_emplace({std::string(entry.module), std::string(entry.message)}, Seen{now, 0});
  const bool alike = !is_new && now - seen->second.sent_at < kWindow;
  if (alike || in_window_ >= kMostAMinute) {
    ++seen->second.suppressed;
    return std::nullopt;
  }
  ++in_window_;
  seen->second.sent_at = now;
  return std::exchange(seen->second.suppressed, 0);
}

void Reporter::on_error(const log::Entry& entry) {
  const auto before = admit(entry);
  if (!before) {
    ++suppressed_;
    return;
  }
  const EventContext context{random_hex(16), options_.environment, options_.release, options_.server_name, *before};
  if (!queue_.try_push(make_envelope(entry, context, scrubber_))) ++dropped_;
}

Result<StepOutcome> Reporter::run_once() {
  if (!paused_until_.expired()) return StepOutcome{std::min<std::chrono::milliseconds>(paused_until_.remaining(), kWait)};
  auto envelope = queue_.pop(Deadline::after(kWait));
  // Closed and empty: nothing comes any more.
  if (!envelope) return StepOutcome{queue_.closed() ? std::chrono::milliseconds(kWait) : std::chrono::milliseconds{0}};
  SLUICE_CHECK(post(std::move(*envelope)));
  return StepOutcome{};
}

// An event is sent once: what Sentry does not take is gone, but counted.
Status Reporter::post(std::string envelope) {
  http::ClientRequest request;
  request.method = http::Method::kPost;
  request.url = options_.dsn.envelope_url;
  request.headers.set("content-type", "application/x-sentry-envelope");
  request.headers.set("user-agent", "sluice");
  request.headers.set("x-sentry-auth",
                      fmt::format("Sentry sentry_version=7, sentry_key={}, sentry_client=sluice/1", options_.dsn.public_key));
  request.body = std::move(envelope);
  const auto answer = client_.send(request, Deadline::after(kPostDeadline));
  if (answer && answer->status >= 200 && answer->status < 300) {
    ++sent_;
    return {};
  }
  ++failed_;
  if (!answer) return answer.error();
  if (answer->status == 429) paused_until_ = Deadline::after(pause_of(*answer));
  return Error{ErrorKind::kUnavailable, "sentry.refused", fmt::format("Sentry answered {}.", answer->status),
               "Check sentry.dsn.", {}};
}

Reporter::Counts Reporter::counts() const { return {sent_.load(), failed_.load(), dropped_.load(), suppressed_.load()}; }

}  // namespace sluice::sentry
