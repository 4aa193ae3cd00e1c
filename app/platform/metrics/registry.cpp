#include "platform/metrics/registry.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <variant>

#include "platform/core/assert.h"

namespace sluice::metrics {
namespace {

struct Callback {
  std::string_view type;
  std::function<double()> read;
};

using AnyFamily = std::variant<std::unique_ptr<Family<Counter>>, std::unique_ptr<Family<Gauge>>,
                               std::unique_ptr<Family<Histogram>>, Callback>;

struct Entry {
  std::string help;
  std::vector<double> bounds;
  AnyFamily family;
};

bool is_name(std::string_view name, bool colon_allowed) {
  const auto good = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (c == ':' && colon_allowed);
  };
  if (name.empty() || !good(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return good(c) || (c >= '0' && c <= '9'); });
}

std::string escape(std::string_view text, bool quotes) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || (c == '"' && quotes)) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

// `{a="1",b="2"}`, with `le` last where there is one; "" without labels.
std::string label_set(const std::vector<std::string>& names, const std::vector<std::string>& values,
                      std::string_view le = {}) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("{}{}=\"{}\"", text.empty() ? "" : ",", names[i], escape(values[i], true));
  }
  if (!le.empty()) text += fmt::format("{}le=\"{}\"", text.empty() ? "" : ",", le);
  return text.empty() ? text : "{" + text + "}";
}

// Writes one family; the overloads are chosen by std::visit.
class Page {
 public:
  explicit Page(std::string& out) : out_(out) {}

  void write(const std::string& name, const Entry& entry) {
    name_ = &name;
    line("# HELP {} {}\n", name, escape(entry.help, false));
    std::visit([this](const auto& family) { body(family); }, entry.family);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void type(std::string_view type) { line("# TYPE {} {}\n", *name_, type); }

  template <typename Metric>
  void samples(const Family<Metric>& family) {
    family.each([&](const auto& values, const Metric& metric) {
      line("{}{} {}\n", *name_, label_set(family.label_names(), values), number(metric.value()));
    });
  }

  void body(const std::unique_ptr<Family<Counter>>& family) {
    type("counter");
    samples(*family);
  }
  void body(const std::unique_ptr<Family<Gauge>>& family) {
    type("gauge");
    samples(*family);
  }
  void body(const std::unique_ptr<Family<Histogram>>& family) {
    type("histogram");
    family->each([&](const auto& values, const Histogram& histogram) {
      this->histogram(family->label_names(), values, histogram);
    });
  }
  void body(const Callback& callback) {
    type(callback.type);
    line("{} {}\n", *name_, number(callback.read()));
  }

  void histogram(const std::vector<std::string>& names, const std::vector<std::string>& values,
                 const Histogram& histogram) {
    const auto& bounds = histogram.bounds();
    // Observations go on while we read: no bucket may come out larger than the one above it.
    std::uint64_t most = histogram.cumulative(bounds.size());
    std::vector<std::uint64_t> counts(bounds.size() + 1, most);
    for (std::size_t i = bounds.size(); i-- > 0;) {
      counts[i] = most = std::min(most, histogram.cumulative(i));
    }
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
      const auto le = i == bounds.size() ? "+Inf" : number(bounds[i]);
      line("{}_bucket{} {}\n", *name_, label_set(names, values, le), counts[i]);
    }
    line("{}_sum{} {}\n", *name_, label_set(names, values), number(histogram.sum()));
    line("{}_count{} {}\n", *name_, label_set(names, values), counts.back());
  }

  std::string& out_;
  const std::string* name_ = nullptr;
};

}  // namespace

// Entries are never removed, so a family may be read after the lock is gone.
struct Registry::State {
  mutable Mutex mutex;
  std::map<std::string, Entry, std::less<>> entries SLUICE_GUARDED_BY(mutex);

  template <typename Metric>
  Family<Metric>& family(std::string_view name, std::string_view help,
                         std::vector<std::string> labels, std::vector<double> bounds,
                         std::function<std::unique_ptr<Metric>()> make) {
    SLUICE_ASSERT(is_name(name, true));
    for (const auto& label : labels) SLUICE_ASSERT(is_name(label, false) && label != "le");
    MutexLock lock(mutex);
    if (const auto found = entries.find(name); found != entries.end()) {
      const auto* known = std::get_if<std::unique_ptr<Family<Metric>>>(&found->second.family);
      SLUICE_ASSERT(known != nullptr && (*known)->label_names() == labels);
      SLUICE_ASSERT(found->second.bounds == bounds);
      return **known;
    }
    auto made = std::make_unique<Family<Metric>>(std::move(labels), std::move(make));
    auto& family = *made;
    // A family without labels is on the page from the start, with zero.
    if (family.label_names().empty()) family.with({});
    entries.emplace(std::string(name),
                    Entry{std::string(help), std::move(bounds), std::move(made)});
    return family;
  }

  void callback(std::string_view name, std::string_view help, Callback callback) {
    SLUICE_ASSERT(is_name(name, true));
    MutexLock lock(mutex);
    const bool added =
        entries.emplace(std::string(name), Entry{std::string(help), {}, std::move(callback)})
            .second;
    SLUICE_ASSERT(added);
  }

  std::vector<std::pair<const std::string*, const Entry*>> sorted() const {
    std::vector<std::pair<const std::string*, const Entry*>> all;
    MutexLock lock(mutex);
    for (const auto& [name, entry] : entries) all.emplace_back(&name, &entry);
    return all;
  }
};

Registry::Registry() : state_(std::make_unique<State>()) {}
Registry::~Registry() = default;

Family<Counter>& Registry::counter(std::string_view name, std::string_view help,
                                   std::vector<std::string> labels) {
  return state_->family<Counter>(name, help, std::move(labels), {},
                                 [] { return std::make_unique<Counter>(); });
}

Family<Gauge>& Registry::gauge(std::string_view name, std::string_view help,
                               std::vector<std::string> labels) {
  return state_->family<Gauge>(name, help, std::move(labels), {},
                               [] { return std::make_unique<Gauge>(); });
}

Family<Histogram>& Registry::histogram(std::string_view name, std::string_view help,
                                       std::vector<double> upper_bounds,
                                       std::vector<std::string> labels) {
  auto make = [upper_bounds] { return std::make_unique<Histogram>(upper_bounds); };
  return state_->family<Histogram>(name, help, std::move(labels), std::move(upper_bounds),
                                   std::move(make));
}

void Registry::gauge_callback(std::string_view name, std::string_view help,
                              std::function<double()> read) {
  state_->callback(name, help, {"gauge", std::move(read)});
}

void Registry::counter_callback(std::string_view name, std::string_view help,
                                std::function<double()> read) {
  state_->callback(name, help, {"counter", std::move(read)});
}

std::string Registry::render() const {
  std::string text;
  Page page(text);
  for (const auto& [name, entry] : state_->sorted()) page.write(*name, *entry);
  return text;
}

std::vector<std::string> Registry::names() const {
  std::vector<std::string> names;
  for (const auto& [name, entry] : state_->sorted()) names.push_back(*name);
  return names;
}

}  // namespace sluice::metrics
