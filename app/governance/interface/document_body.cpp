#include "governance/interface/document_body.h"

#include "platform/core/text.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"

namespace sluice::governance::interface {

std::vector<std::string> document_content_types() {
  return {"application/json", "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"};
}

Result<text::Node> read_document(const http::Request& request) {
  const std::string type = to_lower(request.headers.get("content-type"));
  return type.find("json") != std::string::npos ? text::parse_json(request.body)
                                                : text::parse_yaml(request.body);
}

}  // namespace sluice::governance::interface
