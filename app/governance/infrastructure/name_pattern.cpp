#include "governance/infrastructure/name_pattern.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <re2/re2.h>

#include "platform/core/text.h"

namespace sluice::governance::infrastructure {
namespace {

// How often the atom before may repeat.
enum class Repeat : std::uint8_t { kOnce, kOptional, kUnbounded };

// One alternative of a group, as far as it has been read.
struct Alternative {
  std::string text;
  int firm_atoms = 0;  // atoms that must appear, a fixed number of times
  bool unbounded = false;

  // "a+" repeated can share out its text among the repetitions in many ways; "a+\." cannot.
  [[nodiscard]] bool is_loose() const { return unbounded && firm_atoms == 0; }
};

using Group = std::vector<Alternative>;

bool overlaps(const Group& group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t j = 0; j < group.size(); ++j) {
      if (i != j && group[j].text.starts_with(group[i].text)) return true;
    }
  }
  return false;
}

bool is_ambiguous_when_repeated(const Group& group) {
  return overlaps(group) ||
         std::any_of(group.begin(), group.end(), [](const Alternative& a) { return a.is_loose(); });
}

// Reads a pattern that RE2 has accepted, so that brackets and parentheses are known to balance.
class AmbiguityScan {
 public:
  explicit AmbiguityScan(std::string_view pattern) : rest_(pattern) { groups_.push_back({{}}); }

  bool finds_one() {
    while (!rest_.empty() && !found_) step();
    return found_;
  }

 private:
  void step() {
    const char c = rest_.front();
    if (c == '(') return open();
    if (c == ')') return close();
    if (c == '|') {
      take(1);
      groups_.back().push_back({});
      return;
    }
    if (c == '^' || c == '$') return void(take(1));
    const auto atom = take(atom_size());
    add_atom(atom, take_repeat(), false);
  }

  void open() {
    take(1);
    if (rest_.starts_with('?')) take(rest_.find_first_of(":>)") + 1);
    groups_.push_back({{}});
  }

  void close() {
    take(1);
    const auto group = std::move(groups_.back());
    groups_.pop_back();
    const auto repeat = take_repeat();
    if (repeat == Repeat::kUnbounded && is_ambiguous_when_repeated(group)) found_ = true;
    const bool loose =
        std::any_of(group.begin(), group.end(), [](const Alternative& a) { return a.is_loose(); });
    add_atom("(", repeat, loose);
  }

  void add_atom(std::string_view atom, Repeat repeat, bool loose) {
    auto& alternative = groups_.back().back();
    alternative.text += atom;
    if (repeat == Repeat::kUnbounded || loose) alternative.unbounded = true;
    // "." marks no border between repetitions: they can all match it.
    if (repeat == Repeat::kOnce && !loose && atom != ".") ++alternative.firm_atoms;
  }

  [[nodiscard]] std::size_t atom_size() const {
    if (rest_.front() == '\\') return std::min<std::size_t>(2, rest_.size());
    if (rest_.front() != '[') return 1;
    std::size_t end = rest_.starts_with("[^") ? 2 : 1;
    if (end < rest_.size() && rest_[end] == ']') ++end;
    while (end < rest_.size() && rest_[end] != ']') end += rest_[end] == '\\' ? 2 : 1;
    return std::min(end + 1, rest_.size());
  }

  Repeat take_repeat() {
    if (rest_.empty()) return Repeat::kOnce;
    auto repeat = Repeat::kOnce;
    if (rest_.front() == '*' || rest_.front() == '+') repeat = Repeat::kUnbounded;
    if (rest_.front() == '?') repeat = Repeat::kOptional;
    if (repeat != Repeat::kOnce) {
      take(1);
    } else if (rest_.front() == '{') {
      const auto braces = take(rest_.find('}') + 1);
      if (braces.ends_with(",}")) repeat = Repeat::kUnbounded;
    }
    if (rest_.starts_with('?')) take(1);  // lazy: matches the same names
    return repeat;
  }

  std::string_view take(std::size_t count) {
    const auto taken = rest_.substr(0, count == 0 ? rest_.size() : count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
  std::vector<Group> groups_;
  bool found_ = false;
};

Error refused(std::string code, std::string message, std::string fix) {
  return {ErrorKind::kInvalid, std::move(code), std::move(message), std::move(fix), {}};
}

}  // namespace

Result<domain::PatternMatcher> compile_name_pattern(std::string_view pattern) {
  if (pattern.size() > kMaxPattern) {
    return refused("pattern.too-long",
                   fmt::format("the pattern has {} bytes; at most {} are allowed", pattern.size(),
                               kMaxPattern),
                   "split it into several rules");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto compiled =
      std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) {
    return refused("pattern.invalid",
                   fmt::format("the pattern cannot be compiled: {}", printable(compiled->error())),
                   "use RE2 syntax: no look-around, no back-references, at most 1000 repetitions");
  }
  if (AmbiguityScan(pattern).finds_one()) {
    return refused("pattern.ambiguous",
                   "the pattern repeats a part that can match the same text in many ways",
                   "take out the repetition inside the repetition: write (a+)+ as a+");
  }
  return domain::PatternMatcher([compiled = std::move(compiled)](std::string_view name) {
    return re2::RE2::FullMatch(re2::StringPiece(name.data(), name.size()), *compiled);
  });
}

}  // namespace sluice::governance::infrastructure
