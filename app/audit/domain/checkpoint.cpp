#include "audit/domain/checkpoint.h"

#include "platform/core/canonical_json.h"

namespace sluice::audit::domain {

// `type` is signed, too: no signature of ours made for something else passes for a checkpoint.
std::string statement_of(const Checkpoint& checkpoint) {
  return canonical_json({{"type", "sluice.audit.checkpoint/1"},
                         {"environment", checkpoint.head.environment},
                         {"seq", checkpoint.head.seq},
                         {"hash", checkpoint.head.hash},
                         {"at", format_rfc3339(checkpoint.at)},
                         {"origin", checkpoint.origin}});
}

}  // namespace sluice::audit::domain
