// The digest that an approval binds: of the canonical form of what was planned, part by part as the parts
// come. Who happens to be reading a topic, how fast replicas may move and the wording of violations are no
// part of it. Used once, by one thread.
#pragma once

#include <string>

#include "platform/core/json.h"

namespace sluice::governance::application {

class PlanDigest {
 public:
  void add_item(const Json& item);
  void add_violation(const Json& violation);
  // `envelope` is the document without its items and violations, or with them.
  std::string of(const Json& envelope) &&;

 private:
  std::string items_;
  std::string violations_;
};

// The digest of what the document holds now; another one than it was approved by means that the
// document was changed since.
std::string document_digest(const Json& document);

}  // namespace sluice::governance::application
