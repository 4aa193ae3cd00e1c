#include "governance/interface/report/report.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace sluice::governance::interface {
namespace {

bool item_before(const ReportItem& a, const ReportItem& b) {
  return std::tie(a.name, a.action, a.note) < std::tie(b.name, b.action, b.note);
}

bool finding_before(const ReportFinding& a, const ReportFinding& b) {
  if (a.level != b.level) return a.level > b.level;
  return std::tie(a.name, a.rule, a.field, a.message, a.fix) < std::tie(b.name, b.rule, b.field, b.message, b.fix);
}

}  // namespace

std::string counted(std::int64_t number, std::string_view singular) {
  return fmt::format("{} {}{}", number, singular, number == 1 ? "" : "s");
}

void put_in_order(Report& report) {
  std::stable_sort(report.items.begin(), report.items.end(), item_before);
  std::stable_sort(report.findings.begin(), report.findings.end(), finding_before);
}

}  // namespace sluice::governance::interface
