#include "governance/interface/drift/drift_report.h"

#include <fmt/format.h>

namespace sluice::governance::interface {
namespace {

std::string text_or(const Json& value, std::string_view otherwise) {
  return value.is_string() ? value.get<std::string>() : std::string(otherwise);
}

std::string change_of(const Json& field) {
  return fmt::format("declared {}, live {}", text_or(field["declared"], "(broker's)"), text_or(field["live"], "(none)"));
}

void add_drifted(const Json& topic, Report& report) {
  const auto name = topic["name"].get<std::string>();
  const auto kind = topic["kind"].get<std::string>();
  ReportItem item{name, kind == "missing" ? "MISSING" : kind == "recreated" ? "RECREATED" : "DRIFTED", {}, ""};
  item.note = fmt::format("declared by {}, revision {}", topic["changeId"].get<std::string>(),
                          topic["revision"].get<std::int64_t>());
  for (const Json& field : topic["fields"]) {
    const auto field_name = field["field"].get<std::string>();
    item.fields.push_back({field_name, change_of(field)});
    report.findings.push_back({Level::kError, "drift." + kind, name, field_name, field_name + ": " + change_of(field),
                               "Apply the declaration again, or declare what is there.", {}});
  }
  if (topic["fields"].empty()) {
    report.findings.push_back({Level::kError, "drift." + kind, name, "", "the topic does not exist",
                               "Apply the declaration again, or declare its deletion.", {}});
  }
  report.items.push_back(std::move(item));
}

void add_notes(const Json& drift, Report& report) {
  for (const Json& name : drift.value("unmanaged", Json::array())) {
    report.findings.push_back({Level::kNote, "drift.unmanaged", name.get<std::string>(), "",
                               "nobody declared this topic", "Adopt it with `sluice import`.", {}});
  }
  for (const Json& topic : drift.value("undeclared", Json::array())) {
    for (const Json& setting : topic["settings"]) {
      const auto key = setting["field"].get<std::string>();
      report.findings.push_back({Level::kNote, "drift.undeclared", topic["name"].get<std::string>(), key,
                                 fmt::format("{} = {} is set, and nobody declared it", key, text_or(setting["live"], "")),
                                 "Declare it, or null to remove it.", {}});
    }
  }
}

}  // namespace

Report report_of_drift(const Json& drift) {
  Report report;
  report.kind = "drift";
  const auto environment = drift["env"].get<std::string>();
  report.title = fmt::format("Drift of {}", environment);
  report.level_words = {"note", "warn", "drift"};
  for (const Json& topic : drift["drifted"]) add_drifted(topic, report);
  add_notes(drift, report);
  report.summary = fmt::format("{} of {} declared topics differ from their declaration", drift["drifted"].size(),
                               drift["declared"].get<std::int64_t>());
  report.facts = {{"digest", drift["digest"].get<std::string>()}};
  return report;
}

}  // namespace sluice::governance::interface
