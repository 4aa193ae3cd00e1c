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
  return component(
      std::move(name),
      [&loop, make = std::move(make)](Deadline) -> Status {
        loop = make();
        return {};
      },
      [&loop](Deadline) -> Status {
        loop.reset();
        return {};
      });
}

Error in_file(const std::string& path, Error error) {
  error.message = path + ": " + error.message;
  return error;
}

}  // namespace sluice::parts
