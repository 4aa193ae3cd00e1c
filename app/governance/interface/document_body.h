// A request body as a document, YAML or JSON by its content type.
#pragma once

#include <string>
#include <vector>

#include "platform/core/result.h"
#include "platform/http/message.h"
#include "platform/text/node.h"

namespace sluice::governance::interface {

// application/json, application/yaml (RFC 9512) and what people used before it was registered.
std::vector<std::string> document_content_types();
Result<text::Node> read_document(const http::Request& request);

}  // namespace sluice::governance::interface
