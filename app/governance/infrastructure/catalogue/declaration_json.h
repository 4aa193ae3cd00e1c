// A declaration's fields as the canonical JSON that is stored.
#pragma once

#include <string>
#include <string_view>

#include "governance/domain/catalogue/declaration.h"
#include "platform/core/result.h"

namespace sluice::governance::infrastructure {

std::string write_declaration(const domain::IntendedState& fields, const domain::TopicMetadata& metadata);
// What write_declaration wrote; anything else is catalogue.corrupt (kInternal).
Status read_declaration(std::string_view stored, domain::IntendedState& fields, domain::TopicMetadata& metadata);

}  // namespace sluice::governance::infrastructure
