// The requests that we send ourselves and their answers: text in, text out, no connection. An answer
// that is not exactly what its version says is kafka.bad-answer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/result.h"
#include "platform/kafka/reassignment.h"

namespace sluice::kafka::wire {

struct Api {
  std::string_view name;
  std::int16_t key;
  std::int16_t version;
  bool flexible;  // tagged fields in the header and behind every struct
};

inline constexpr Api kApiVersions{"ApiVersions", 18, 0, false};
inline constexpr Api kSaslHandshake{"SaslHandshake", 17, 1, false};
inline constexpr Api kSaslAuthenticate{"SaslAuthenticate", 36, 0, false};
inline constexpr Api kDescribeLogDirs{"DescribeLogDirs", 35, 1, false};
inline constexpr Api kAlterReassignments{"AlterPartitionReassignments", 45, 0, true};
inline constexpr Api kListReassignments{"ListPartitionReassignments", 46, 0, true};

Error bad_answer(const Api& api);

// A request behind its length, ready to be sent.
std::string encode_frame(const Api& api, std::int32_t correlation, std::string_view client_id, std::string_view body);
// The body of an answer (without its length) to the request of this correlation id.
Result<std::string_view> decode_frame(const Api& api, std::int32_t correlation, std::string_view frame);

struct ApiRange {
  std::int16_t key = 0;
  std::int16_t oldest = 0;
  std::int16_t newest = 0;
};
// What Kafka says to a request or an item of it; 0 is no error.
struct Verdict {
  std::int16_t code = 0;
  std::string words;
};

Result<std::vector<ApiRange>> decode_api_versions(std::string_view body);

std::string encode_sasl_handshake(std::string_view mechanism);
Result<Verdict> decode_sasl_handshake(std::string_view body);
std::string encode_sasl_authenticate(std::string_view token);
struct SaslAnswer {
  Verdict verdict;
  std::string token;
};
Result<SaslAnswer> decode_sasl_authenticate(std::string_view body);

std::string encode_describe_log_dirs();  // of every topic
struct LogDirs {
  std::vector<Verdict> failed;  // directories that could not be read
  std::vector<ReplicaSize> replicas;
};
Result<LogDirs> decode_describe_log_dirs(std::string_view body);

std::string encode_alter_reassignments(std::span<const ReplicaMove> moves, std::int32_t timeout_ms);
struct MoveVerdict {
  std::string topic;
  std::int32_t partition = 0;
  Verdict verdict;
};
struct AlterAnswer {
  Verdict verdict;  // on the whole request
  std::vector<MoveVerdict> moves;
};
Result<AlterAnswer> decode_alter_reassignments(std::string_view body);

std::string encode_list_reassignments(std::int32_t timeout_ms);  // of every topic
struct ListAnswer {
  Verdict verdict;
  std::vector<Reassignment> reassignments;
};
Result<ListAnswer> decode_list_reassignments(std::string_view body);

}  // namespace sluice::kafka::wire
