#include "sluice/parts/part.h"

namespace sluice::parts {

tasks::Component component(std::string name, std::function<Status(Deadline)> start,
                           std::function<Status(Deadline)> stop) {
  tasks::Component component;
  component.name = std::move(name);
  component.start = std::move(start);
  component.stop = std::move(stop);
  return component;
}

tasks::Component loop_component(std::string name, std::unique_ptr<SupervisedLoop>& loop,
                                std::function<std::unique_ptr<SupervisedLoop>()> make) {
  tasks::Component made = component(
      std::move(name),
      [&loop, make = std::move(make)](Deadline) -> Status {
        loop = make();
        return {};
      },
      [&loop](Deadline) -> Status {
        loop.reset();
        return {};
      });
  made.ask_to_stop = [&loop] { loop->request_stop(); };
  return made;
}

void log_failed_step(const log::Logger& logger, std::string_view loop, const Error& error,
                     std::chrono::milliseconds wait) {
  const std::initializer_list<log::Field> fields{
      {"loop", loop}, {"reason", error.describe()}, {"retry_ms", wait.count()}};
  if (error.kind == ErrorKind::kInternal) return logger.error("a loop's step failed", fields);
  logger.warn("a loop's step failed", fields);
}

Error in_file(const std::string& path, Error error) {
  error.message = path + ": " + error.message;
  return error;
}

}  // namespace sluice::parts
