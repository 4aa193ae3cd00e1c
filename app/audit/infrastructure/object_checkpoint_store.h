// Checkpoints as objects, one each: audit/<environment>/<seq, 19 digits>-<hash>.json. The name says what
// is vouched for, so that a verification lists them and fetches only the few that matter.
#pragma once

#include "audit/domain/repository/checkpoint_store.h"
#include "platform/objects/object_store.h"

namespace sluice::audit::infrastructure {

class ObjectCheckpointStore final : public domain::CheckpointStore {
 public:
  // `objects` must outlive it.
  explicit ObjectCheckpointStore(objects::ObjectStore& objects) : objects_(objects) {}

  Status put(const domain::SignedCheckpoint& checkpoint, Deadline deadline) override;
  // kInvalid (audit.checkpoint) for an object that is none.
  Result<domain::SignedCheckpoint> get(const domain::CheckpointRef& head, Deadline deadline) override;
  Result<std::vector<std::string>> environments(Deadline deadline) override;
  Result<std::vector<domain::CheckpointRef>> list(std::string_view environment, std::int64_t after_seq,
                                                  Deadline deadline) override;

 private:
  objects::ObjectStore& objects_;
};

}  // namespace sluice::audit::infrastructure
