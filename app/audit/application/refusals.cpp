#include "audit/application/refusals.h"

#include <fmt/format.h>

#include "platform/core/text.h"

namespace sluice::audit::application {
namespace {

constexpr std::string_view kOthers = "others";

}  // namespace

void Refusals::note(const Refusal& refusal) {
  const bool login = refusal.kind == Refusal::Kind::kLogin;
  std::pair<std::string, std::string> key(login ? "" : printable(refusal.actor.id),
                                          printable(login ? refusal.source : refusal.route));
  const TimePoint now = clock_.now();
  MutexLock lock(mutex_);
  Folds& folds = folds_.at(static_cast<std::size_t>(refusal.kind));
  auto found = folds.find(key);
  const bool full = found == folds.end() && folds.size() >= limits_.sources;
  if (full) key = {"", std::string(kOthers)};
  Fold& fold = found != folds.end() ? found->second : folds[key];
  if (fold.count++ == 0) {
    fold.first = now;
    fold.actor = refusal.actor;
    if (full) fold.actor = {std::string(kOthers), "", "", ""};
    else if (login) fold.actor = {"anonymous", "", "", ""};
    fold.sample = full ? "" : printable(refusal.source);
  }
  fold.last = now;
  const auto code = fold.codes.find(refusal.code);
  if (code != fold.codes.end()) ++code->second;
  else ++fold.codes[fold.codes.size() < limits_.codes ? std::string(refusal.code) : std::string(kOthers)];
}

contract::Entry Refusals::entry_of(Refusal::Kind kind, const std::string& name, const Fold& fold) {
  contract::Entry entry;
  const bool login = kind == Refusal::Kind::kLogin;
  entry.action = login ? "login.refuse" : "route.refuse";
  entry.target = login ? "login" : "route";
  entry.name = name;
  entry.actor = fold.actor;
  entry.outcome = contract::Outcome::kRefused;
  Json codes = Json::object();
  for (const auto& [code, count] : fold.codes) codes[code] = count;
  entry.after = {{"count", fold.count}, {"codes", std::move(codes)}, {"first", format_rfc3339(fold.first)},
                 {"last", format_rfc3339(fold.last)}};
  if (!login) entry.after["source"] = fold.sample;
  entry.detail = fmt::format("{} {} refused", fold.count,
                             login ? (fold.count == 1 ? "login" : "logins")
                                   : (fold.count == 1 ? "request" : "requests"));
  return entry;
}

std::vector<contract::Entry> Refusals::take(bool all) {
  std::vector<contract::Entry> entries;
  const TimePoint over = clock_.now() - limits_.window;
  MutexLock lock(mutex_);
  for (const auto kind : {Refusal::Kind::kLogin, Refusal::Kind::kRoute}) {
    std::erase_if(folds_.at(static_cast<std::size_t>(kind)), [&](const auto& fold) {
      if (!all && fold.second.first > over) return false;
      entries.push_back(entry_of(kind, fold.first.second, fold.second));
      return true;
    });
  }
  return entries;
}

Status Refusals::flush(bool all, Deadline deadline) {
  for (int turn = 0; turn < 2; ++turn) {  // what was left behind by a failed call, then what is due now
    if (unwritten_.empty()) unwritten_ = take(all);
    if (unwritten_.empty()) return {};
    SLUICE_CHECK(trail_.record(unwritten_, deadline));
    unwritten_.clear();
  }
  return {};
}

}  // namespace sluice::audit::application
