// What an apply is asked with: a change's id, or the batch itself; and perhaps a token.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "governance/domain/topic/topic_batch.h"
#include "platform/core/result.h"
#include "platform/http/message.h"

namespace sluice::governance::interface {

struct ApplyBody {
  domain::ChangeId change_id;
  std::string token;                      // empty: the recorded signatures have to do
  std::optional<std::string> batch_digest;  // of the batch that was sent
};

// {changeId, approvalToken?} or a TopicBatch with the token in x-approval-token.
Result<ApplyBody> read_apply_body(const http::Request& request,
                                  std::span<const domain::EnvironmentName> environments);

}  // namespace sluice::governance::interface
