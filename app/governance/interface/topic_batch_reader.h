// A TopicBatch from a parsed document, strictly: every wrong field is a Problem, all of them at
// once, with line and column. Nothing is coerced but topic configs, which take any scalar by its
// spelling.
#pragma once

#include <span>

#include "governance/domain/topic/topic_batch.h"
#include "platform/core/result.h"
#include "platform/text/node.h"

namespace sluice::governance::interface {

// `environments` are those the policies know. Error: kInvalid "batch.invalid" with all problems.
Result<domain::TopicBatch> read_topic_batch(const text::Node& document,
                                            std::span<const domain::EnvironmentName> environments);

}  // namespace sluice::governance::interface
