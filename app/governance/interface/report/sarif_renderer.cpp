#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "governance/interface/report/render.h"
#include "platform/core/sha256.h"
#include "platform/http/wire/target.h"

namespace sluice::governance::interface {
namespace {

constexpr const char* kSchema = "https://json.schemastore.org/sarif-2.1.0.json";
constexpr std::string_view kPathCharacters = "/!$&'()*+,;=@";

std::string_view sarif_level(Level level) {
  switch (level) {
    case Level::kNote: return "note";
    case Level::kWarning: return "warning";
    case Level::kError: return "error";
  }
  return "error";
}

// Relative names stay relative to the repository; a colon would look like a scheme.
std::string uri_of(std::string_view file) {
  while (file.starts_with("./")) file.remove_prefix(2);
  const std::string escaped = http::wire::percent_encode(file, kPathCharacters);
  return file.starts_with('/') ? "file://" + escaped : escaped;
}

Json location_of(const Report& report, const ReportFinding& finding) {
  Json location = Json::object();
  if (!report.file.empty()) {
    Json physical{{"artifactLocation", {{"uri", uri_of(report.file)}}}};
    if (finding.place.line > 0) {
      physical["region"] = {{"startLine", finding.place.line}, {"startColumn", std::max(1, finding.place.column)}};
    }
    location["physicalLocation"] = std::move(physical);
  }
  if (!finding.name.empty()) location["logicalLocations"] = Json::array({{{"name", finding.name}, {"kind", "resource"}}});
  return location;
}

// The same finding in another run, wherever its line has moved to.
std::string fingerprint_of(const Report& report, const ReportFinding& finding) {
  return sha256_hex(Json::array({report.kind, finding.rule, finding.name, finding.field}).dump());
}

Json result_of(const Report& report, const ReportFinding& finding, std::size_t rule_index) {
  const std::string text = finding.fix.empty() ? finding.message : finding.message + "\n" + finding.fix;
  Json result{{"ruleId", finding.rule},
              {"ruleIndex", rule_index},
              {"level", sarif_level(finding.level)},
              {"message", {{"text", text}}}};
  if (Json location = location_of(report, finding); !location.empty()) result["locations"] = Json::array({std::move(location)});
  result["partialFingerprints"] = {{"sluice/v1", fingerprint_of(report, finding)}};
  return result;
}

}  // namespace

std::string as_sarif(Report report) {
  put_in_order(report);
  std::map<std::string_view, std::size_t> indexes;
  for (const ReportFinding& finding : report.findings) indexes.emplace(finding.rule, 0);
  Json rules = Json::array();
  for (auto& [rule, index] : indexes) {
    index = rules.size();
    rules.push_back({{"id", rule}});
  }
  Json results = Json::array();
  for (const ReportFinding& finding : report.findings) {
    results.push_back(result_of(report, finding, indexes.at(finding.rule)));
  }
  const Json run{{"tool", {{"driver", {{"name", "Sluice"}, {"rules", std::move(rules)}}}}},
                 {"automationDetails", {{"id", fmt::format("sluice/{}/", report.kind)}}},
                 {"columnKind", "unicodeCodePoints"},
                 {"results", std::move(results)}};
  return Json{{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Json::array({run})}}.dump(2) + "\n";
}

}  // namespace sluice::governance::interface
