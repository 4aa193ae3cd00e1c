// Audit entries for tests: plain ones, and ones whose every field is different and awkward.
#pragma once

#include <string>
#include <vector>

#include "audit/contract/entry.h"

namespace sluice::test {

inline audit::contract::Entry an_entry(const std::string& environment, const std::string& name) {
  audit::contract::Entry entry;
  entry.environment = environment;
  entry.action = "topic.create";
  entry.target = "topic";
  entry.name = name;
  entry.change_id = "OPS-1";
  entry.actor = {"kim@example.com", "kim@example.com", "", ""};
  entry.request_id = "request-1";
  entry.after = {{"partitions", 3}};
  return entry;
}

inline audit::contract::Entry an_awkward_entry(const std::string& environment) {
  audit::contract::Entry entry;
  entry.environment = environment;
  entry.action = "topic.alter";
  entry.target = "topic";
  entry.name = "a \"quoted\"\\ 안녕 \n\x01 name";
  entry.change_id = "OPS-\"2";
  entry.actor = {"token:ci", "kim@example.com", "lee@example.com", "t-1"};
  entry.request_id = "r-2";
  entry.before = {{"z", {1, 2.5, nullptr, true}}, {"a", "x,\"at\":\"2026\""}};
  entry.after = "just a text";
  entry.outcome = audit::contract::Outcome::kRefused;
  entry.detail = "why: because\tso";
  return entry;
}

inline std::vector<audit::contract::Entry> entries(const std::string& environment, int count) {
  std::vector<audit::contract::Entry> entries;
  for (int i = 0; i < count; ++i) entries.push_back(an_entry(environment, environment + ".topic" + std::to_string(i)));
  return entries;
}

}  // namespace sluice::test
