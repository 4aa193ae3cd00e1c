// Unexpected errors, told to Sentry when the configuration names one: everything that is logged at level
// error, from the start of the service on.
#pragma once

#include <memory>

#include "platform/sentry/reporter.h"
#include "sluice/parts/part.h"

namespace sluice::parts {

class ErrorReports final : public Part {
 private:
  struct Built {};  // only build() can make one

 public:
  ErrorReports(Built, std::shared_ptr<sentry::Reporter> reporter) : reporter_(std::move(reporter)) {}
  static Result<std::unique_ptr<ErrorReports>> build(const config::Config& config, const Clock& clock);

  // The logger that the service is to use; its own when there is no Sentry.
  [[nodiscard]] log::Logger watched(log::Logger logger);
  void export_metrics(metrics::Registry& registry) const;
  void add_components(tasks::Lifecycle& lifecycle) override;

 private:
  const std::shared_ptr<sentry::Reporter> reporter_;  // shared with the logger; null = no Sentry
  log::Logger logger_ = log::Logger::discard();
  std::unique_ptr<SupervisedLoop> loop_;
};

}  // namespace sluice::parts
