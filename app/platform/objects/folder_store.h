// Objects as files under one folder. A put writes a temporary file, syncs it, renames it and syncs
// the folder: a crash leaves the old object or the new one.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "platform/objects/object_store.h"

namespace sluice::objects {

class FolderStore final : public ObjectStore {
 public:
  // `root` must exist; see open().
  explicit FolderStore(std::filesystem::path root) : root_(std::move(root)) {}
  // Creates the folder when it is missing.
  static Result<std::unique_ptr<FolderStore>> open(const std::filesystem::path& root);

  Status put(std::string_view key, std::string_view bytes, std::string_view content_type,
             Deadline deadline) override;
  Result<std::string> get(std::string_view key, Deadline deadline) override;
  Result<bool> exists(std::string_view key, Deadline deadline) override;
  Result<std::vector<ObjectInfo>> list(std::string_view prefix, std::string_view after, std::size_t limit,
                                       Deadline deadline) override;
  Status remove(std::string_view key, Deadline deadline) override;

 private:
  std::filesystem::path root_;
};

}  // namespace sluice::objects
