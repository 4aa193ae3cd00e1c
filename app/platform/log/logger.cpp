#include "platform/log/logger.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "platform/log/line_format.h"

namespace sluice::log {
namespace {

class FdSink final : public Sink {
 public:
  explicit FdSink(int fd) : fd_(fd) {}

  // One write(2) keeps lines of several threads apart. What the descriptor does not take is lost:
  // a log that blocks or fails must not stop the work.
  void write(std::string_view line) override {
    std::string text(line);
    text.push_back('\n');
    std::string_view rest = text;
    while (!rest.empty()) {
      const ssize_t written = ::write(fd_, rest.data(), rest.size());
      if (written > 0) {
        rest.remove_prefix(static_cast<std::size_t>(written));
      } else if (written == 0 || errno != EINTR) {
        return;
      }
    }
  }

 private:
  int fd_;
};

}  // namespace

struct Logger::Shared {
  std::shared_ptr<Sink> sink;
  const Clock* clock = nullptr;
  Options options;
  std::shared_ptr<ErrorWatcher> watcher = nullptr;
};

std::string_view to_string(Level level) {
  switch (level) {
    case Level::kDebug: return "debug";
    case Level::kInfo: return "info";
    case Level::kWarn: return "warn";
    case Level::kError: return "error";
  }
  return "error";
}

std::shared_ptr<Sink> make_fd_sink(int fd) { return std::make_shared<FdSink>(fd); }

Logger::Logger(std::shared_ptr<Sink> sink, const Clock& clock, Options options)
    : shared_(std::make_shared<const Shared>(Shared{std::move(sink), &clock, options})) {}

Logger Logger::discard() {
  static const SystemClock clock;
  return Logger(nullptr, clock, Options{});
}

Logger Logger::watched_by(std::shared_ptr<ErrorWatcher> watcher) const {
  Logger logger = *this;
  auto shared = *shared_;
  shared.watcher = std::move(watcher);
  logger.shared_ = std::make_shared<const Shared>(std::move(shared));
  return logger;
}

Logger Logger::with(std::initializer_list<Field> fields) const {
  Logger logger = *this;
  for (const Field& field : fields) {
    auto& bound = logger.bound_;
    const auto same = std::find_if(bound.begin(), bound.end(),
                                   [&](const Field& other) { return other.name == field.name; });
    if (same == bound.end()) {
      bound.push_back(field);
    } else {
      same->value = field.value;
    }
  }
  return logger;
}

Logger Logger::module(std::string_view name) const {
  Logger logger = *this;
  logger.module_ = name;
  return logger;
}

bool Logger::enabled(Level level) const {
  return shared_->sink != nullptr && level >= shared_->options.level;
}

void Logger::debug(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::kDebug, message, fields);
}
void Logger::info(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::kInfo, message, fields);
}
void Logger::warn(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::kWarn, message, fields);
}
void Logger::error(std::string_view message, std::initializer_list<Field> fields) const {
  write(Level::kError, message, fields);
}

void Logger::write(Level level, std::string_view message, std::initializer_list<Field> fields) const {
  const bool watched = level == Level::kError && shared_->watcher != nullptr;
  if (!enabled(level) && !watched) return;
  Entry entry{.time = shared_->clock->now(),
              .level = level,
              .module = module_,
              .message = message,
              .fields = {}};
  const auto add = [&](const Field& field) {
    auto& all = entry.fields;
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const Field* other) { return other->name == field.name; });
    if (same == all.end()) {
      all.push_back(&field);
    } else {
      *same = &field;  // what is said last counts
    }
  };
  std::for_each(bound_.begin(), bound_.end(), add);
  std::for_each(fields.begin(), fields.end(), add);
  if (watched) shared_->watcher->on_error(entry);
  if (!enabled(level)) return;
  shared_->sink->write(shared_->options.format == Format::kJson ? format_json(entry)
                                                                : format_human(entry));
}

}  // namespace sluice::log
