#include "governance/interface/query.h"

namespace sluice::governance::interface {

Result<domain::EnvironmentName> environment_of(const http::Request& request) {
  const auto text = request.query_value("env");
  if (text && !text->empty()) return domain::EnvironmentName{std::string(*text)};
  return wrong_query("env", "env must name an environment.", "Add ?env=….");
}

}  // namespace sluice::governance::interface
