// Objects in an S3 bucket (AWS, MinIO, …): path-style addresses, SigV4.
#pragma once

#include <memory>
#include <string>

#include "platform/http/client.h"
#include "platform/objects/object_store.h"

namespace sluice::objects {

struct S3Options {
  std::string endpoint;  // "https://s3.eu-central-1.amazonaws.com", without a path
  std::string region = "us-east-1";
  std::string bucket;  // must exist
  std::string access_key;
  std::string secret_key;
  std::string prefix;  // before every key, such as "sluice/"; may be empty
};

class S3Store final : public ObjectStore {
 public:
  // `client` must outlive the store.
  S3Store(S3Options options, http::Client& client);

  Status put(std::string_view key, std::string_view bytes, std::string_view content_type,
             Deadline deadline) override;
  Result<std::string> get(std::string_view key, Deadline deadline) override;
  Result<bool> exists(std::string_view key, Deadline deadline) override;
  Result<std::vector<ObjectInfo>> list(std::string_view prefix, std::string_view after, std::size_t limit,
                                       Deadline deadline) override;
  Status remove(std::string_view key, Deadline deadline) override;

 private:
  Result<http::ClientResponse> call(http::Method method, std::string_view path_and_query, std::string body,
                                    std::string_view content_type, Deadline deadline);
  [[nodiscard]] std::string address_of(std::string_view key) const;

  S3Options options_;
  http::Client& client_;
};

}  // namespace sluice::objects
