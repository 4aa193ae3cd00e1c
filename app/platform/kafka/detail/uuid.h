#pragma once

#include <cstdint>
#include <string>

namespace sluice::kafka::detail {

// 128 bits as Kafka prints them: URL-safe base64 without padding, 22 characters. (librdkafka's own
// text is standard base64, which differs for every id that holds '/' or '+'.)
std::string format_uuid(std::int64_t most_significant, std::int64_t least_significant);

}  // namespace sluice::kafka::detail
