#include <array>
#include <string_view>

#include "platform/config/table/places.h"

namespace sluice::config::table {
namespace {

constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 3> kFormats{"auto", "json", "human"};

}  // namespace

// NOLINTNEXTLINE(readability-function-size): one table, no logic
std::vector<Key> operation_keys() {
  return {
    {.path = "objects.folder",
     .target = [](Config& c) -> Target { return &c.objects.folder; },
     .description = "Folder for objects, used when `objects.s3` is not set.",
     .development = "objects",
     .production = "/var/lib/sluice/objects"},
    {.path = "objects.s3.endpoint",
     .target = [](Config& c) -> Target { return &c.objects.s3.endpoint; },
     .description = "Address of S3 or MinIO; empty = the folder.",
     .development = "\"\"",
     .form = StringForm::kWebUrl},
    {.path = "objects.s3.bucket",
     .target = [](Config& c) -> Target { return &c.objects.s3.bucket; },
     .description = "The bucket, which must exist.",
     .development = "\"\""},
    {.path = "objects.s3.region",
     .target = [](Config& c) -> Target { return &c.objects.s3.region; },
     .description = "Region that requests are signed for.",
     .development = "us-east-1"},
    {.path = "objects.s3.access_key",
     .target = [](Config& c) -> Target { return &c.objects.s3.access_key; },
     .description = "Access key id.",
     .development = "\"\""},
    {.path = "objects.s3.secret_key",
     .target = [](Config& c) -> Target { return &c.objects.s3.secret_key; },
     .description = "Secret access key.",
     .development = "\"\"",
     .secret = true},
    {.path = "objects.s3.path_style",
     .target = [](Config& c) -> Target { return &c.objects.s3.path_style; },
     .description = "Bucket in the path (MinIO) instead of in the host name.",
     .development = "true"},
    {.path = "log.level",
     .target = [](Config& c) { return choice(c.log.level); },
     .description = "Least severe line that is written.",
     .development = "debug",
     .production = "info",
     .choices = kLevels},
    {.path = "log.format",
     .target = [](Config& c) { return choice(c.log.format); },
     .description = "`auto` is human on a terminal and JSON lines elsewhere.",
     .development = "auto",
     .choices = kFormats},
  };
}

}  // namespace sluice::config::table
