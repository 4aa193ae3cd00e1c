#include "platform/tasks/health.h"

#include <algorithm>

#include "platform/core/assert.h"

namespace sluice::tasks {
namespace {

Json check_json(const CheckState& state) {
  Json json = {{"name", state.name},
               {"required", state.need == Need::kRequired},
               {"status", to_string(state.status)},
               {"message", state.message},
               {"fix", state.fix},
               {"since", format_rfc3339(state.since)}};
  if (state.last_checked_at) json["lastCheckedAt"] = format_rfc3339(*state.last_checked_at);
  return json;
}

}  // namespace

Json HealthReport::to_json() const {
  Json list = Json::array();
  for (const auto& check : checks) list.push_back(check_json(check));
  return {{"status", ready ? "ready" : "not-ready"}, {"checks", std::move(list)}};
}

Health::Health(const Clock& clock, Observer observer)
    : clock_(clock), observer_(std::move(observer)) {
  process_.name = "process";
  process_.status = CheckStatus::kUnknown;
  process_.message = "is starting";
  process_.since = clock_.now();
}

Health::~Health() { stop(); }

void Health::add(Check check) {
  SLUICE_ASSERT(loops_.empty());
  checks_.push_back(std::make_unique<HealthCheck>(std::move(check), clock_));
}

void Health::start() {
  SLUICE_ASSERT(loops_.empty());
  for (const auto& check : checks_) {
    auto step = [this, look = check.get()](const std::stop_token&) -> Result<StepOutcome> {
      if (const auto changed = look->run_once()) observer_(*changed);
      return StepOutcome{look->check().every};
    };
    loops_.push_back(
        std::make_unique<SupervisedLoop>("health-" + check->check().name, std::move(step),
                                         [](const Error&, std::chrono::milliseconds) {}));
  }
}

void Health::stop() {
  for (const auto& loop : loops_) loop->request_stop();
  loops_.clear();
}

void Health::accept_work() {
  MutexLock lock(mutex_);
  process_.status = CheckStatus::kOk;
  process_.message = "";
  process_.since = clock_.now();
}

void Health::refuse_work(std::string why) {
  MutexLock lock(mutex_);
  process_.status = CheckStatus::kFailing;
  process_.message = std::move(why);
  process_.since = clock_.now();
}

CheckState Health::process_state() const {
  MutexLock lock(mutex_);
  CheckState state = process_;
  state.last_checked_at = clock_.now();
  return state;
}

HealthReport Health::snapshot() const {
  HealthReport report;
  report.checks.push_back(process_state());
  for (const auto& check : checks_) report.checks.push_back(check->state());
  report.ready =
      std::all_of(report.checks.begin(), report.checks.end(), [](const CheckState& state) {
        return state.need == Need::kOptional || state.status == CheckStatus::kOk;
      });
  return report;
}

}  // namespace sluice::tasks
