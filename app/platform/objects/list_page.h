// The answer of S3's ListObjectsV2, as far as a listing needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/objects/object_store.h"

namespace sluice::objects {

// Reads <Contents><Key>…</Key><Size>…</Size></Contents>; entities and character references are
// resolved. Anything that is not a ListBucketResult is an error (objects.answer).
Result<std::vector<ObjectInfo>> parse_list_page(std::string_view xml);

}  // namespace sluice::objects
