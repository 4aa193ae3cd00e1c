// Where a batch's text names its topics and their fields, so that a report can point at the line.
#pragma once

#include <string>
#include <string_view>

#include "governance/interface/report/report.h"

namespace sluice::governance::interface {

// Sets report.file and the findings' places: the field's, else the item's name, else none. A text that
// can't be read gives no places; it is not this function's to judge.
void add_places(Report& report, std::string file, std::string_view text);

// The same for a document of policies: the places of the rules that the findings are about.
void add_rule_places(Report& report, std::string file, std::string_view text);

}  // namespace sluice::governance::interface
