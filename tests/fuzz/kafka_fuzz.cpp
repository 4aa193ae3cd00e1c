// The answers of a Kafka broker that means us no good: the first byte picks the decoder, the rest is
// its input. Any bytes give an answer no larger than they are, or a readable error.
#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz_target.h"
#include "platform/kafka/wire/messages.h"
#include "platform/kafka/wire/scram.h"

namespace {

using namespace sluice;
using namespace sluice::kafka::wire;

template <typename T>
bool decoded(const Result<T>& answer) {
  if (!answer) fuzz::expect_readable(answer.error());
  return answer.has_value();
}

void log_dirs(std::string_view body) {
  const auto answer = decode_describe_log_dirs(body);
  if (decoded(answer)) SLUICE_ASSERT(answer->replicas.size() * 21 <= body.size());
}

void reassignments(std::string_view body) {
  const auto listed = decode_list_reassignments(body);
  if (decoded(listed)) SLUICE_ASSERT(listed->reassignments.size() * 8 <= body.size());
  const auto altered = decode_alter_reassignments(body);
  if (decoded(altered)) SLUICE_ASSERT(altered->moves.size() * 8 <= body.size());
}

void opening(std::string_view body) {
  const auto versions = decode_api_versions(body);
  if (decoded(versions)) SLUICE_ASSERT(versions->size() * 6 <= body.size());
  (void)decoded(decode_sasl_handshake(body));
  (void)decoded(decode_sasl_authenticate(body));
  (void)decoded(decode_frame(kListReassignments, 1, body));
}

void scram(std::string_view challenge) {
  // Rounds are work that the broker may ask for; here only the parsing counts.
  if (challenge.find("i=") != std::string_view::npos && challenge.size() > 200) return;
  ScramClient client({Mechanism::kScramSha256, "user", "pencil"}, "nonce");
  (void)decoded(client.final_message(challenge));
  (void)client.check_server(challenge);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body = fuzz::as_text(data + 1, size - 1);
  switch (data[0] % 4) {
    case 0: log_dirs(body); break;
    case 1: reassignments(body); break;
    case 2: opening(body); break;
    default: scram(body);
  }
  return 0;
}
