// The object store that the configuration names: S3, or a folder.
#pragma once

#include <memory>
#include <string>

#include "platform/config/config.h"
#include "platform/http/client.h"
#include "platform/objects/object_store.h"

namespace sluice {

// Thread-safe, as its store is.
class ConfiguredObjects {
 public:
  // Touches neither the network nor the disk.
  explicit ConfiguredObjects(const config::Objects& config);

  [[nodiscard]] objects::ObjectStore& store() { return *store_; }
  // Makes the folder, where it is one and is not there. Safe to repeat.
  Status prepare();

 private:
  std::string folder_;  // empty: S3
  http::Client client_;
  std::unique_ptr<objects::ObjectStore> store_;
};

}  // namespace sluice
