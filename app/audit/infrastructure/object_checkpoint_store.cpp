#include "audit/infrastructure/object_checkpoint_store.h"

#include <charconv>

#include <fmt/format.h>

#include "platform/core/canonical_json.h"
#include "platform/core/sha256.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::audit::infrastructure {
namespace {

using domain::CheckpointRef;
using domain::SignedCheckpoint;

constexpr std::string_view kRoot = "audit/";
constexpr std::size_t kSeqDigits = 19;
constexpr std::size_t kHashDigits = 64;
constexpr std::string_view kEnding = ".json";
constexpr std::string_view kType = "application/json";

std::string folder_of(std::string_view environment) { return fmt::format("{}{}/", kRoot, environment); }

std::string key_of(const CheckpointRef& head) {
  return fmt::format("{}{:0{}}-{}{}", folder_of(head.environment), head.seq, kSeqDigits, head.hash, kEnding);
}

// Empty for an object of another name: somebody else's.
std::optional<CheckpointRef> ref_of(std::string_view environment, std::string_view key) {
  const std::string_view file = key.substr(folder_of(environment).size());
  if (file.size() != kSeqDigits + 1 + kHashDigits + kEnding.size() || file[kSeqDigits] != '-') return std::nullopt;
  CheckpointRef ref{std::string(environment), 0, std::string(file.substr(kSeqDigits + 1, kHashDigits))};
  const auto [end, failure] = std::from_chars(file.data(), file.data() + kSeqDigits, ref.seq);
  const bool number = failure == std::errc{} && end == file.data() + kSeqDigits && ref.seq > 0;
  return number && file.ends_with(kEnding) ? std::optional(ref) : std::nullopt;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned char byte = 0;
    const auto [end, failure] = std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    if (failure != std::errc{} || end != text.data() + i + 2) return std::nullopt;
    bytes.push_back(static_cast<char>(byte));
  }
  return text.size() % 2 == 0 ? std::optional(bytes) : std::nullopt;
}

std::string write(const SignedCheckpoint& signed_one) {
  const domain::Checkpoint& checkpoint = signed_one.checkpoint;
  return canonical_json({{"environment", checkpoint.head.environment},
                         {"seq", checkpoint.head.seq},
                         {"hash", checkpoint.head.hash},
                         {"at", format_rfc3339(checkpoint.at)},
                         {"origin", checkpoint.origin},
                         {"keyId", signed_one.signature.key_id},
                         {"signature", to_hex(signed_one.signature.bytes)}});
}

Error not_a_checkpoint(std::string_view key) {
  return {ErrorKind::kInvalid, "audit.checkpoint", fmt::format("The object {} is not a checkpoint.", key), "", {}};
}

Result<SignedCheckpoint> read(std::string_view key, std::string_view text) {
  const auto document = text::parse_json(text);
  if (!document) return not_a_checkpoint(key);
  std::vector<Problem> problems;
  text::MapReader reader(*document, "", problems);
  SignedCheckpoint signed_one;
  CheckpointRef& head = signed_one.checkpoint.head;
  head.environment = reader.required_string("environment");
  head.seq = reader.integer("seq", {.min = 1}).value_or(0);
  head.hash = reader.required_string("hash");
  const auto at = parse_rfc3339(reader.required_string("at"));
  signed_one.checkpoint.origin = reader.required_string("origin");
  signed_one.signature.key_id = reader.required_string("keyId");
  const auto signature = from_hex(reader.required_string("signature"));
  reader.finish();
  if (!problems.empty() || !at || !signature) return not_a_checkpoint(key);
  signed_one.checkpoint.at = *at;
  signed_one.signature.bytes = *signature;
  return signed_one;
}

}  // namespace

Status ObjectCheckpointStore::put(const SignedCheckpoint& checkpoint, Deadline deadline) {
  return objects_.put(key_of(checkpoint.checkpoint.head), write(checkpoint), kType, deadline);
}

Result<SignedCheckpoint> ObjectCheckpointStore::get(const CheckpointRef& head, Deadline deadline) {
  const std::string key = key_of(head);
  SLUICE_TRY(const std::string text, objects_.get(key, deadline));
  return read(key, text);
}

Result<std::vector<std::string>> ObjectCheckpointStore::environments(Deadline deadline) {
  std::vector<std::string> environments;
  for (std::string after{kRoot};;) {
    SLUICE_TRY(const auto found, objects_.list(kRoot, after, 1, deadline));
    if (found.empty()) return environments;
    const std::string_view key = std::string_view(found.front().key).substr(kRoot.size());
    const std::size_t slash = key.find('/');
    if (slash == std::string_view::npos) {
      after = found.front().key;
      continue;
    }
    environments.emplace_back(key.substr(0, slash));
    after = folder_of(environments.back()) + "~";  // behind every name of ours in it
  }
}

Result<std::vector<CheckpointRef>> ObjectCheckpointStore::list(std::string_view environment, std::int64_t after_seq,
                                                               Deadline deadline) {
  std::vector<CheckpointRef> refs;
  const std::string folder = folder_of(environment);
  std::string after = fmt::format("{}{:0{}}~", folder, after_seq, kSeqDigits);
  for (;;) {
    SLUICE_TRY(const auto found, objects_.list(folder, after, objects::kMaxListed, deadline));
    for (const objects::ObjectInfo& object : found) {
      if (auto ref = ref_of(environment, object.key)) refs.push_back(std::move(*ref));
    }
    if (found.size() < objects::kMaxListed) return refs;
    after = found.back().key;
  }
}

}  // namespace sluice::audit::infrastructure
