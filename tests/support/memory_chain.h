// Chains, heads and checkpoints in memory, and a signer that signs with a word: for the use cases of the
// audit trail.
#pragma once

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "audit/domain/repository/chain_store.h"
#include "audit/domain/repository/checkpoint_store.h"
#include "platform/core/sha256.h"

namespace sluice::test {

class MemoryChains final : public audit::domain::ChainHeads, public audit::domain::ChainSource {
 public:
  std::map<std::string, std::vector<audit::domain::Record>> chains;
  std::string life = "life/1";
  bool tells_origin = true;  // an export does not

  void grow(const std::string& environment, int count, const std::string& salt = "") {
    auto& chain = chains[environment];
    for (int i = 0; i < count; ++i) {
      audit::domain::Record record;
      record.environment = environment;
      record.seq = static_cast<std::int64_t>(chain.size()) + 1;
      record.prev = chain.empty() ? std::string(audit::domain::kNoHash) : chain.back().hash;
      record.name = "topic" + salt;
      record.at = TimePoint{std::chrono::milliseconds{1'790'000'000'000 + record.seq}};
      record.hash = audit::domain::hash_of(record);
      chain.push_back(record);
    }
  }
  void lose(const std::string& environment, std::size_t keep) { chains[environment].resize(keep); }

  Result<std::vector<audit::domain::CheckpointRef>> heads(Deadline) override {
    std::vector<audit::domain::CheckpointRef> heads;
    for (const auto& [environment, chain] : chains) heads.push_back({environment, chain.back().seq, chain.back().hash});
    return heads;
  }
  Result<std::optional<std::string>> hash_at(std::string_view environment, std::int64_t seq, Deadline) override {
    const auto& chain = chains[std::string(environment)];
    if (seq < 1 || seq > std::ssize(chain)) return std::optional<std::string>();
    return std::optional(chain[static_cast<std::size_t>(seq - 1)].hash);
  }
  Result<std::string> origin(Deadline) override { return tells_origin ? life : std::string(); }
  Status read(audit::domain::ChainVisitor& visitor, Deadline) override {
    for (const auto& [environment, chain] : chains) {
      for (const auto& record : chain) visitor.record(record);
      if (!chain.empty()) visitor.head({environment, chain.back().seq, chain.back().hash});
    }
    return {};
  }
};

class MemoryCheckpoints final : public audit::domain::CheckpointStore {
 public:
  std::vector<audit::domain::SignedCheckpoint> all;
  int fetched = 0;
  bool away = false;

  Status put(const audit::domain::SignedCheckpoint& checkpoint, Deadline) override {
    if (away) return gone();
    all.push_back(checkpoint);
    return {};
  }
  Result<audit::domain::SignedCheckpoint> get(const audit::domain::CheckpointRef& head, Deadline) override {
    ++fetched;
    for (const auto& one : all) {
      if (one.checkpoint.head == head) return one;
    }
    return gone();
  }
  Result<std::vector<std::string>> environments(Deadline) override {
    if (away) return gone();
    std::vector<std::string> names;
    for (const auto& one : all) {
      const std::string& name = one.checkpoint.head.environment;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
  }
  Result<std::vector<audit::domain::CheckpointRef>> list(std::string_view environment, std::int64_t after_seq,
                                                         Deadline) override {
    std::vector<audit::domain::CheckpointRef> refs;
    for (const auto& one : all) {
      const auto& head = one.checkpoint.head;
      if (head.environment == environment && head.seq > after_seq) refs.push_back(head);
    }
    std::sort(refs.begin(), refs.end(),
              [](const auto& a, const auto& b) { return std::tie(a.seq, a.hash) < std::tie(b.seq, b.hash); });
    return refs;
  }

 private:
  static Error gone() { return {ErrorKind::kUnavailable, "objects.away", "away", "", {}}; }
};

inline Result<audit::domain::Signature> sign_with_word(std::string_view statement) {
  return audit::domain::Signature{"word", sha256_hex("word" + std::string(statement))};
}
inline Status verify_with_word(std::string_view statement, const audit::domain::Signature& signature) {
  if (sign_with_word(statement).value() == signature) return {};
  return Error{ErrorKind::kUnauthenticated, "signature.invalid", "not ours", "", {}};
}

}  // namespace sluice::test
