// Two verdicts about the same thing, and what differs: for previews. Not thread-safe.
#pragma once

#include <cstddef>
#include <vector>

#include "governance/domain/plan/violation.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

class Comparison {
 public:
  // `origin` is put in front of each violation that is listed.
  void add(const std::vector<domain::Violation>& before, const std::vector<domain::Violation>& after,
           const Json& origin);
  // newlyFailing, newlyPassing (at most 1,000 each), and how many there are.
  void write(Json& json) const;

 private:
  struct List {
    Json items = Json::array();
    std::size_t count = 0;
  };
  static void add_those_missing(const std::vector<domain::Violation>& all,
                                const std::vector<domain::Violation>& known, const Json& origin, List& list);

  List failing_;
  List passing_;
};

}  // namespace sluice::governance::application
