#include "governance/interface/apply/apply_report.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kMarkdownLimit = 65'536;
constexpr std::size_t kRoomForLastLine = 120;
constexpr std::size_t kBarWidth = 30;

struct State {
  std::string_view name;
  std::string_view word;
};

// The worst first.
constexpr std::array<State, 6> kStates{{{"FAILED", "failed"},
                                        {"STALE", "stale"},
                                        {"UNKNOWN", "unknown"},
                                        {"INTENT", "under way"},
                                        {"PENDING", "not begun"},
                                        {"DONE", "done"}}};

std::string text_of(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

const Json& items_of(const Json& execution) {
  static const Json kNone = Json::array();
  const auto items = execution.find("items");
  return items != execution.end() && items->is_array() ? *items : kNone;
}

std::size_t count(const Json& execution, std::string_view state) {
  const Json& items = items_of(execution);
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [&](const Json& item) { return text_of(item, "state") == state; }));
}

std::string summary(const Json& execution) {
  std::vector<std::string> parts;
  for (auto state = kStates.rbegin(); state != kStates.rend(); ++state) {
    const auto items = count(execution, state->name);
    if (items > 0) parts.push_back(fmt::format("{} {}", items, state->word));
  }
  return parts.empty() ? "nothing to do" : join(parts, ", ");
}

std::string head(const Json& execution) {
  return fmt::format("Apply of change {} in {}: {}", text_of(execution, "changeId"), text_of(execution, "env"),
                     text_of(execution, "state"));
}

std::vector<const Json*> not_done(const Json& execution) {
  std::vector<const Json*> found;
  for (const State& state : kStates) {
    if (state.name == "DONE") continue;
    for (const Json& item : items_of(execution)) {
      if (text_of(item, "state") == state.name) found.push_back(&item);
    }
  }
  return found;
}

std::string advice(const Json& item) {
  return item.value("retryable", false) ? "apply again to try it again" : std::string();
}

std::string as_text(const Json& execution) {
  std::string out = head(execution) + "\n\n";
  for (const Json* item : not_done(execution)) {
    out += fmt::format("  {:<8} {:<7} {}\n", text_of(*item, "state"), text_of(*item, "action"), text_of(*item, "name"));
    const std::string code = text_of(*item, "code");
    if (!code.empty()) out += fmt::format("           {}: {}\n", code, text_of(*item, "message"));
    if (!advice(*item).empty()) out += fmt::format("           {}\n", advice(*item));
  }
  return out + summary(execution) + "\n";
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '<' || c == '\\') out.push_back('\\');
    out.push_back(c == '\n' || c == '\r' ? ' ' : c);
  }
  return out;
}

std::string as_markdown(const Json& execution) {
  std::string out = fmt::format("### {}\n\n{}\n\n", cell(head(execution)), summary(execution));
  std::size_t dropped = 0;
  bool headed = false;
  for (const Json* item : not_done(execution)) {
    std::string row = headed ? "" : "| State | Action | Topic | Why | |\n|---|---|---|---|---|\n";
    row += fmt::format("| {} | {} | {} | {} | {} |\n", text_of(*item, "state"), text_of(*item, "action"),
                       cell(text_of(*item, "name")), cell(text_of(*item, "message")), advice(*item));
    if (out.size() + row.size() + kRoomForLastLine > kMarkdownLimit) {
      ++dropped;
      continue;
    }
    out += row;
    headed = true;
  }
  if (dropped > 0) out += fmt::format("\n{} more rows do not fit here; see `sluice apply --format json`.\n", dropped);
  return out;
}

}  // namespace

std::string apply_report(const Json& execution, std::string_view format) {
  if (format == "json") return execution.dump(2) + "\n";
  return format == "markdown" ? as_markdown(execution) : as_text(execution);
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
  constexpr std::array<std::string_view, 4> kWentWrong{"apply.busy", "apply.interrupted", "apply.journal",
                                                       "apply.request"};
  const bool known = std::any_of(kFamilies.begin(), kFamilies.end(),
                                 [&](std::string_view family) { return code.starts_with(family); });
  return known && std::find(kWentWrong.begin(), kWentWrong.end(), code) == kWentWrong.end();
}

}  // namespace sluice::governance::interface
