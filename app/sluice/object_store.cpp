#include "sluice/object_store.h"

#include <filesystem>

#include "platform/objects/folder_store.h"
#include "platform/objects/s3_store.h"

namespace sluice {

ConfiguredObjects::ConfiguredObjects(const config::Objects& config) {
  if (config.s3.enabled()) {
    store_ = std::make_unique<objects::S3Store>(objects::S3Options{.endpoint = config.s3.endpoint,
                                                                   .region = config.s3.region,
                                                                   .bucket = config.s3.bucket,
                                                                   .access_key = config.s3.access_key,
                                                                   .secret_key = config.s3.secret_key,
                                                                   .prefix = {}},
                                                client_);
    return;
  }
  folder_ = std::filesystem::absolute(config.folder);
  store_ = std::make_unique<objects::FolderStore>(folder_);
}

Status ConfiguredObjects::prepare() {
  if (folder_.empty()) return {};
  const auto opened = objects::FolderStore::open(folder_);
  return opened ? Status() : opened.error();
}

}  // namespace sluice
