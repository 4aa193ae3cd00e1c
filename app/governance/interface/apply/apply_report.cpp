#include "governance/interface/apply/apply_report.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "governance/interface/report/members.h"
#include "governance/interface/report/replica_moves.h"
#include "platform/core/text.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kBarWidth = 30;

struct State {
  std::string_view name;
  std::string_view word;
  std::string_view rule;  // of the finding when an apply that has ended left an item so
};

constexpr std::array<State, 6> kStates{{{"DONE", "done", ""},
                                        {"PENDING", "not begun", "apply.not-begun"},
                                        {"INTENT", "under way", "apply.interrupted"},
                                        {"UNKNOWN", "unknown", "apply.unknown"},
                                        {"STALE", "stale", "apply.stale"},
                                        {"FAILED", "failed", "apply.failed"}}};

const Json& items_of(const Json& execution) { return list_of(execution, "items"); }

std::size_t count(const Json& execution, std::string_view state) {
  const Json& items = items_of(execution);
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [&](const Json& item) { return text_of(item, "state") == state; }));
}

std::string summary(const Json& execution) {
  std::vector<std::string> parts;
  for (const State& state : kStates) {
    const auto items = count(execution, state.name);
    if (items > 0) parts.push_back(fmt::format("{} {}", items, state.word));
  }
  return fmt::format("{}: {}", text_of(execution, "state"), parts.empty() ? "nothing to do" : join(parts, ", "));
}

using Moves = std::map<std::string, std::vector<ReportField>, std::less<>>;

Moves moves_of(const Json& plan) {
  Moves moves;
  for (const Json& item : list_of(plan, "plan")) {
    if (auto fields = move_fields(item); !fields.empty()) moves.emplace(text_of(item, "name"), std::move(fields));
  }
  return moves;
}

// What was to change nothing, and did not, is no news.
ReportItem item_of(const Json& item, const Moves& moves) {
  const std::string action = text_of(item, "action");
  const std::string state = text_of(item, "state");
  if (action == "NONE" && state == "DONE") return {text_of(item, "name"), action, {}, ""};
  const auto moved = moves.find(text_of(item, "name"));
  return {text_of(item, "name"), state, moved == moves.end() ? std::vector<ReportField>() : moved->second, action};
}

std::string message_of(const Json& item, const State& state) {
  const std::string code = text_of(item, "code");
  const std::string action = to_lower(text_of(item, "action"));
  if (code.empty()) return fmt::format("{}: {}", action, state.word);
  return fmt::format("{}: {}: {}", action, code, text_of(item, "message"));
}

void add_finding(const Json& item, Report& report) {
  const std::string name = text_of(item, "state");
  const auto state = std::find_if(kStates.begin(), kStates.end(), [&](const State& one) { return one.name == name; });
  if (state == kStates.end() || state->rule.empty()) return;
  report.findings.push_back({.level = Level::kError,
                             .rule = std::string(state->rule),
                             .name = text_of(item, "name"),
                             .message = message_of(item, *state),
                             .fix = item.value("retryable", false) ? "Apply the change again." : ""});
}

}  // namespace

Report report_of_apply(const Json& execution, const Json& plan) {
  Report report;
  report.kind = "apply";
  report.title = fmt::format("Apply of change {} in {}", text_of(execution, "changeId"), text_of(execution, "env"));
  report.findings_title = "Not applied";
  const bool over = text_of(execution, "state") != "RUNNING";
  const Moves moves = moves_of(plan);
  for (const Json& item : items_of(execution)) {
    report.items.push_back(item_of(item, moves));
    if (over) add_finding(item, report);
  }
  report.summary = summary(execution);
  if (const std::string digest = text_of(execution, "digest"); !digest.empty()) report.facts.emplace_back("digest", digest);
  return report;
}

std::string progress_bar(const Json& execution) {
  const std::size_t total = std::max<std::size_t>(items_of(execution).size(), 1);
  const std::size_t open = count(execution, "PENDING") + count(execution, "INTENT");
  const std::size_t over = items_of(execution).size() - open;
  const std::size_t filled = kBarWidth * over / total;
  const std::size_t bad = over - count(execution, "DONE");
  return fmt::format("[{}{}] {}/{}{}", std::string(filled, '='), std::string(kBarWidth - filled, ' '), over,
                     items_of(execution).size(), bad > 0 ? fmt::format(", {} not applied", bad) : "");
}

int apply_exit_code(const Json& execution) {
  const std::string state = text_of(execution, "state");
  if (state == "APPLIED") return 0;
  return state == "RUNNING" ? 3 : 1;
}

bool is_apply_refusal(std::string_view code) {
  constexpr std::array<std::string_view, 5> kFamilies{"plan.", "approval.", "change.", "mode.", "apply."};
  constexpr std::array<std::string_view, 5> kWentWrong{"apply.busy", "apply.interrupted", "apply.journal",
                                                       "apply.request", "change.not-found"};
  const bool known = std::any_of(kFamilies.begin(), kFamilies.end(),
                                 [&](std::string_view family) { return code.starts_with(family); });
  return known && std::find(kWentWrong.begin(), kWentWrong.end(), code) == kWentWrong.end();
}

}  // namespace sluice::governance::interface
