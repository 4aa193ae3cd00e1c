#include "platform/kafka/wire/messages.h"

#include <fmt/format.h>

#include <map>

#include "platform/kafka/wire/buffer.h"

namespace sluice::kafka::wire {
namespace {

template <typename T>
Result<T> complete(const Decoder& decoder, const Api& api, T decoded) {
  if (!decoder.complete()) return bad_answer(api);
  return decoded;
}

std::vector<std::int32_t> compact_ids(Decoder& in) {
  std::vector<std::int32_t> ids(in.compact_count(4));
  for (auto& id : ids) id = in.int32();
  return ids;
}

using MovesByTopic = std::map<std::string_view, std::vector<const ReplicaMove*>>;

MovesByTopic by_topic(std::span<const ReplicaMove> moves) {
  MovesByTopic grouped;
  for (const ReplicaMove& move : moves) grouped[move.topic].push_back(&move);
  return grouped;
}

void encode_move(Encoder& out, const ReplicaMove& move) {
  out.int32(move.partition).compact_count(move.replicas.size());
  for (const auto replica : move.replicas) out.int32(replica);
  out.no_tags();
}

Reassignment decode_reassignment(Decoder& in, const std::string& topic) {
  Reassignment one;
  one.topic = topic;
  one.partition = in.int32();
  one.replicas = compact_ids(in);
  one.adding = compact_ids(in);
  one.removing = compact_ids(in);
  in.skip_tags();
  return one;
}

Verdict compact_verdict(Decoder& in) {
  const std::int16_t code = in.int16();
  return {code, in.compact_string()};
}

void decode_log_dir(Decoder& in, LogDirs& found) {
  Verdict verdict{in.int16(), {}};
  verdict.words = in.string();
  if (verdict.code != 0) found.failed.push_back(std::move(verdict));
  for (auto topics = in.count(6); topics > 0; --topics) {
    const std::string topic = in.string();
    for (auto partitions = in.count(21); partitions > 0; --partitions) {
      ReplicaSize size{topic, in.int32(), in.int64()};
      in.int64();  // how far it is behind the partition's end
      const bool moves_between_disks = in.int8() != 0;
      if (!moves_between_disks && in.ok()) found.replicas.push_back(std::move(size));
    }
  }
}

}  // namespace

Error bad_answer(const Api& api) {
  return {ErrorKind::kUnavailable, "kafka.bad-answer",
          fmt::format("{}: the broker's answer is not what Kafka's protocol says", api.name),
          "check that bootstrap.servers names Kafka brokers and nothing between them and us", {}};
}

std::string encode_frame(const Api& api, std::int32_t correlation, std::string_view client_id, std::string_view body) {
  Encoder frame;
  frame.int16(api.key).int16(api.version).int32(correlation).string(client_id);
  if (api.flexible) frame.no_tags();
  frame.raw(body);
  return Encoder().bytes(frame.take()).take();
}

Result<std::string_view> decode_frame(const Api& api, std::int32_t correlation, std::string_view frame) {
  Decoder in(frame);
  const bool ours = in.int32() == correlation;
  if (api.flexible) in.skip_tags();
  if (!in.ok() || !ours) return bad_answer(api);
  return in.rest();
}

Result<std::vector<ApiRange>> decode_api_versions(std::string_view body) {
  Decoder in(body);
  const std::int16_t code = in.int16();
  std::vector<ApiRange> ranges(in.count(6));
  for (auto& range : ranges) range = {in.int16(), in.int16(), in.int16()};
  if (code != 0) return bad_answer(kApiVersions);
  return complete(in, kApiVersions, std::move(ranges));
}

std::string encode_sasl_handshake(std::string_view mechanism) { return Encoder().string(mechanism).take(); }

Result<Verdict> decode_sasl_handshake(std::string_view body) {
  Decoder in(body);
  Verdict verdict{in.int16(), {}};
  for (auto mechanisms = in.count(2); mechanisms > 0; --mechanisms) {
    verdict.words += (verdict.words.empty() ? "" : ", ") + in.string();
  }
  return complete(in, kSaslHandshake, std::move(verdict));
}

std::string encode_sasl_authenticate(std::string_view token) { return Encoder().bytes(token).take(); }

Result<SaslAnswer> decode_sasl_authenticate(std::string_view body) {
  Decoder in(body);
  SaslAnswer answer;
  answer.verdict.code = in.int16();
  answer.verdict.words = in.string();
  answer.token = in.bytes();
  return complete(in, kSaslAuthenticate, std::move(answer));
}

std::string encode_describe_log_dirs() { return Encoder().int32(-1).take(); }

Result<LogDirs> decode_describe_log_dirs(std::string_view body) {
  Decoder in(body);
  LogDirs found;
  in.int32();  // how long the broker held us up
  for (auto folders = in.count(8); folders > 0; --folders) decode_log_dir(in, found);
  return complete(in, kDescribeLogDirs, std::move(found));
}

std::string encode_alter_reassignments(std::span<const ReplicaMove> moves, std::int32_t timeout_ms) {
  const auto topics = by_topic(moves);
  Encoder out;
  out.int32(timeout_ms).compact_count(topics.size());
  for (const auto& [topic, partitions] : topics) {
    out.compact_string(topic).compact_count(partitions.size());
    for (const ReplicaMove* move : partitions) encode_move(out, *move);
    out.no_tags();
  }
  return out.no_tags().take();
}

Result<AlterAnswer> decode_alter_reassignments(std::string_view body) {
  Decoder in(body);
  AlterAnswer answer;
  in.int32();
  answer.verdict = compact_verdict(in);
  for (auto topics = in.compact_count(3); topics > 0; --topics) {
    const std::string topic = in.compact_string();
    for (auto partitions = in.compact_count(8); partitions > 0; --partitions) {
      MoveVerdict move{topic, in.int32(), {}};
      move.verdict = compact_verdict(in);
      in.skip_tags();
      answer.moves.push_back(std::move(move));
    }
    in.skip_tags();
  }
  in.skip_tags();
  return complete(in, kAlterReassignments, std::move(answer));
}

std::string encode_list_reassignments(std::int32_t timeout_ms) {
  return Encoder().int32(timeout_ms).compact_null().no_tags().take();
}

Result<ListAnswer> decode_list_reassignments(std::string_view body) {
  Decoder in(body);
  ListAnswer answer;
  in.int32();
  answer.verdict = compact_verdict(in);
  for (auto topics = in.compact_count(3); topics > 0; --topics) {
    const std::string topic = in.compact_string();
    for (auto partitions = in.compact_count(8); partitions > 0; --partitions) {
      answer.reassignments.push_back(decode_reassignment(in, topic));
    }
    in.skip_tags();
  }
  in.skip_tags();
  return complete(in, kListReassignments, std::move(answer));
}

}  // namespace sluice::kafka::wire
