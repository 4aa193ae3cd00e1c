// What a mutating call came to, from what the Kafka client says about it.
#pragma once

#include <vector>

#include "governance/domain/repository/topic_writer.h"
#include "platform/core/error.h"
#include "platform/kafka/admin.h"

namespace sluice::governance::infrastructure {

// kNotSent only where the client is sure, kRefused only where a broker answered; whatever is neither
// may have happened.
domain::CallResult call_result(const Result<void>& answer);
std::vector<domain::CallResult> call_results(const kafka::ItemResults<void>& answers);

}  // namespace sluice::governance::infrastructure
