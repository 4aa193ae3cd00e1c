// librdkafka's error codes as our errors: one table of kinds, one of public names.
#pragma once

#include <string>
#include <string_view>

#include "platform/core/error.h"
#include "platform/kafka/detail/handles.h"

namespace sluice::kafka::detail {

// `message`: the broker's own words; null or empty: librdkafka's description of the code.
Error make_error(rd_kafka_resp_err_t code, const char* message);
Error make_error(const rd_kafka_error_t& error);

// What to do about a public code; empty where the message says it all.
std::string_view fix_for(std::string_view code);

// Errors that only we can tell.
namespace errors {
Error not_sent(std::string_view api);
// The connection broke with the request under way.
Error connection_lost(std::string_view words);
Error duplicate_item(std::string_view name);
Error no_answer(std::string_view api, std::string_view name);
Error invalid_argument(std::string message);
}  // namespace errors

}  // namespace sluice::kafka::detail
