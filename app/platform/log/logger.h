// Structured logging: one JSON object a line (time, level, module, message, then fields), or a human
// form on a terminal. A Logger is a cheap value: a shared sink plus bound fields; copy it freely.
// Thread-safe. Never pass secrets; control characters are escaped, long values are cut.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "platform/core/clock.h"

namespace sluice::log {

enum class Level : std::uint8_t { kDebug, kInfo, kWarn, kError };
enum class Format : std::uint8_t { kJson, kHuman };

std::string_view to_string(Level level);

using Value = std::variant<std::string, std::int64_t, double, bool>;

struct Field {
  Field(std::string_view field_name, std::string_view text) : name(field_name), value(std::string(text)) {}
  Field(std::string_view field_name, const char* text) : name(field_name), value(std::string(text)) {}
  Field(std::string_view field_name, const std::string& text) : name(field_name), value(text) {}
  Field(std::string_view field_name, bool flag) : name(field_name), value(flag) {}
  Field(std::string_view field_name, double number) : name(field_name), value(number) {}
  template <std::integral Number>
  Field(std::string_view field_name, Number number)
      : name(field_name), value(static_cast<std::int64_t>(number)) {}

  std::string name;  // snake_case: request_id, trace_id, change_id, duration_ms
  Value value;
};

// Where lines go. write() is called under no lock of ours and must be thread-safe.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view line) = 0;  // without the line feed
};

struct Entry;  // line_format.h

// Is shown every entry of level error, whatever becomes of its line. Called by the thread that logs:
// must be thread-safe, must not block, and must not log an error itself.
class ErrorWatcher {
 public:
  virtual ~ErrorWatcher() = default;
  virtual void on_error(const Entry& entry) = 0;
};

// Lines to a file descriptor, each by one write(2); not closed here.
std::shared_ptr<Sink> make_fd_sink(int fd);

// For tests: keeps the lines.
class MemorySink;

class Logger {
 public:
  struct Options {
    Level level = Level::kInfo;
    Format format = Format::kJson;
  };
  Logger(std::shared_ptr<Sink> sink, const Clock& clock, Options options);
  static Logger discard();  // for tests
  // A logger like this one whose errors, and those of every logger made from it, `watcher` sees, too.
  [[nodiscard]] Logger watched_by(std::shared_ptr<ErrorWatcher> watcher) const;

  [[nodiscard]] Logger with(std::initializer_list<Field> fields) const;  // adds bound fields
  [[nodiscard]] Logger module(std::string_view name) const;              // replaces the module

  void debug(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void warn(std::string_view message, std::initializer_list<Field> fields = {}) const;
  void error(std::string_view message, std::initializer_list<Field> fields = {}) const;
  [[nodiscard]] bool enabled(Level level) const;

 private:
  struct Shared;
  void write(Level level, std::string_view message, std::initializer_list<Field> fields) const;

  std::shared_ptr<const Shared> shared_;
  std::string module_;
  std::vector<Field> bound_;
};

}  // namespace sluice::log
