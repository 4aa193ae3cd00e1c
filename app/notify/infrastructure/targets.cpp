#include "notify/infrastructure/targets.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "notify/contract/notification.h"
#include "notify/infrastructure/destination.h"
#include "notify/infrastructure/jira_sender.h"
#include "notify/infrastructure/slack_sender.h"
#include "notify/infrastructure/webhook_sender.h"

namespace sluice::notify::infrastructure {
namespace {

using contract::Event;

constexpr std::array kEvents{Event::kPlanReady, Event::kApproved, Event::kRejected,
                             Event::kApplied,   Event::kFailed,   Event::kDrift};
constexpr std::size_t kShortestSecret = 16;

bool is_event(std::string_view text) {
  return std::any_of(kEvents.begin(), kEvents.end(), [&](Event event) { return contract::to_string(event) == text; });
}

domain::TargetKind kind_of(config::NotifyKind kind) {
  switch (kind) {
    case config::NotifyKind::kSlack: return domain::TargetKind::kSlack;
    case config::NotifyKind::kJira: return domain::TargetKind::kJira;
    case config::NotifyKind::kWebhook: return domain::TargetKind::kWebhook;
  }
  return domain::TargetKind::kWebhook;
}

class Opening {
 public:
  Opening(const config::Notify& config, const Clock& clock) : config_(config), clock_(clock) {}

  std::optional<OpenTarget> open(const std::string& name, const config::NotifyTarget& wanted) {
    const std::size_t before = problems_.size();
    check_events(name, wanted);
    check_secrets(name, wanted);
    const auto destination = destination_of(name, wanted);
    if (!destination || problems_.size() > before) return std::nullopt;
    domain::Target target{name, kind_of(wanted.kind), wanted.events, wanted.environments, wanted.transitions};
    return OpenTarget{std::move(target), make_sender(*destination, wanted)};
  }

  [[nodiscard]] std::vector<Problem>& problems() { return problems_; }

 private:
  void add(const std::string& name, const char* key, std::string message, std::string fix) {
    problems_.push_back({fmt::format("notify.targets.{}.{}", name, key), "notify", std::move(message), std::move(fix), 0, 0});
  }

  void check_events(const std::string& name, const config::NotifyTarget& wanted) {
    std::string known;
    for (const Event event : kEvents) known += (known.empty() ? "" : ", ") + std::string(contract::to_string(event));
    for (const std::string& event : wanted.events) {
      if (!is_event(event)) add(name, "events", fmt::format("there is no event '{}'", event), "use " + known);
    }
    for (const auto& [event, transition] : wanted.transitions) {
      if (!is_event(event)) add(name, "transitions", fmt::format("there is no event '{}'", event), "use " + known);
    }
  }

  void check_secrets(const std::string& name, const config::NotifyTarget& wanted) {
    if (wanted.kind == config::NotifyKind::kJira && wanted.token.empty()) {
      add(name, "token", "is required for Jira", "set it by ${file:…} or ${env:…}");
    }
    if (wanted.kind == config::NotifyKind::kWebhook && wanted.secret.size() < kShortestSecret) {
      add(name, "secret", "is required for a webhook, with at least 16 characters", "set it by ${file:…} or ${env:…}");
    }
  }

  std::optional<Destination> destination_of(const std::string& name, const config::NotifyTarget& wanted) {
    auto destination = parse_destination(wanted.url);
    if (!destination) {
      add(name, "url", destination.error().message, destination.error().fix);
      return std::nullopt;
    }
    if (!is_allowed(*destination, config_.allowed_hosts)) {
      add(name, "url", fmt::format("{} is not among notify.allowed_hosts", destination->origin()), "add it there");
      return std::nullopt;
    }
    return std::move(*destination);
  }

  [[nodiscard]] Reach reach_of(const Destination& destination) const {
    const auto& allowed = config_.allow_private;
    const bool listed = std::find(allowed.begin(), allowed.end(), destination.host_port()) != allowed.end();
    return listed ? Reach::kPrivateToo : Reach::kPublic;
  }

  [[nodiscard]] std::unique_ptr<domain::Sender> make_sender(const Destination& destination,
                                                            const config::NotifyTarget& wanted) const {
    const Reach reach = reach_of(destination);
    switch (wanted.kind) {
      case config::NotifyKind::kSlack: return std::make_unique<SlackSender>(destination, reach, config_.link_url);
      case config::NotifyKind::kJira: {
        const JiraApi api = wanted.api == config::JiraApi::kV2 ? JiraApi::kV2 : JiraApi::kV3;
        return std::make_unique<JiraSender>(
            destination, reach, JiraOptions{api, wanted.user, wanted.token, wanted.transitions, config_.link_url});
      }
      case config::NotifyKind::kWebhook:
        return std::make_unique<WebhookSender>(destination, reach, wanted.secret, config_.link_url, clock_);
    }
    return nullptr;
  }

  const config::Notify& config_;
  const Clock& clock_;
  std::vector<Problem> problems_;
};

}  // namespace

Result<std::vector<OpenTarget>> open_targets(const config::Notify& config, const Clock& clock) {
  Opening opening(config, clock);
  std::vector<OpenTarget> targets;
  for (const auto& [name, wanted] : config.targets) {
    if (auto target = opening.open(name, wanted)) targets.push_back(std::move(*target));
  }
  if (opening.problems().empty()) return targets;
  return Error{ErrorKind::kInvalid, "notify.targets", "The notification targets are not usable.", "",
               std::move(opening.problems())};
}

}  // namespace sluice::notify::infrastructure
