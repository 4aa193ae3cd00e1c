// A batch as the document it was asked for with, without the marks of one spelling of it: what is kept
// beside the plan, and what the batch's digest is of.
#pragma once

#include "governance/domain/topic/topic_batch.h"
#include "platform/core/json.h"

namespace sluice::governance::application {

// A document that interface/topic_batch_reader.h reads back as the same batch.
Json batch_to_json(const domain::TopicBatch& batch);

}  // namespace sluice::governance::application
