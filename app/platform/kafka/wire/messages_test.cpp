// What goes over the wire, byte for byte, and what a broker must not be able to do to us with its
// answers.
#include "platform/kafka/wire/messages.h"

#include <gtest/gtest.h>

#include "platform/core/sha256.h"
#include "platform/kafka/wire/buffer.h"

namespace sluice::kafka::wire {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

TEST(Frames, AFlexibleRequestHasTagsInItsHeader) {
  EXPECT_EQ(to_hex(encode_frame(kListReassignments, 7, "me", encode_list_reassignments(1000))),
            "00000013" "002e0000" "00000007" "00026d65" "00" "000003e8" "00" "00");
}

TEST(Frames, AMoveIsGroupedByItsTopic) {
  const std::vector<ReplicaMove> moves{{"a", 0, {1, 2}}, {"b", 3, {3}}, {"a", 1, {2}}};
  EXPECT_EQ(to_hex(encode_alter_reassignments(moves, 1)),
            "00000001" "03"
            "0261" "03" "00000000" "03" "00000001" "00000002" "00" "00000001" "02" "00000002" "00" "00"
            "0262" "02" "00000003" "02" "00000003" "00" "00"
            "00");
}

TEST(Frames, AnswersToSomebodyElseAreRefused) {
  const std::string frame = bytes({0, 0, 0, 8, 0, 1, 2, 3});
  EXPECT_EQ(decode_frame(kApiVersions, 8, frame).value(), bytes({0, 1, 2, 3}));
  EXPECT_FALSE(decode_frame(kApiVersions, 7, frame));
  EXPECT_FALSE(decode_frame(kApiVersions, 8, bytes({0, 0})));
}

std::string log_dirs() {
  Encoder out;
  out.int32(0).int32(1).int16(0).string("/data").int32(1).string("orders").int32(2);
  out.int32(0).int32(0).int32(500).int32(0).int32(0).raw(bytes({0}));
  out.int32(1).int32(0).int32(700).int32(0).int32(0).raw(bytes({1}));  // on its way to another disk
  return out.take();
}

TEST(Answers, LogDirsHoldSizes) {
  EXPECT_EQ(decode_describe_log_dirs(log_dirs()).value().replicas,
            (std::vector<ReplicaSize>{{"orders", 0, 500}}));
}

TEST(Answers, AListSaysWhereAPartitionGoes) {
  Encoder out;
  out.int32(0).int16(0).compact_null().compact_count(1).compact_string("orders").compact_count(1).int32(4);
  out.compact_count(3).int32(2).int32(3).int32(1);
  out.compact_count(1).int32(2).compact_count(1).int32(1).no_tags().no_tags().no_tags();
  const auto answer = decode_list_reassignments(out.take());
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->reassignments.size(), 1U);
  EXPECT_EQ(answer->reassignments[0], (Reassignment{"orders", 4, {2, 3, 1}, {2}, {1}}));
  EXPECT_EQ(answer->reassignments[0].target(), (std::vector<std::int32_t>{2, 3}));
}

TEST(Answers, CutAnywhereTheyAreRefused) {
  const std::string whole = log_dirs();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(decode_describe_log_dirs(whole.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode_describe_log_dirs(whole + "x"));
}

// Each asks for gigabytes, or for a loop that never ends.
TEST(Answers, CountsThatTheAnswerCannotHoldAreRefused) {
  EXPECT_FALSE(decode_describe_log_dirs(bytes({0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff})));
  EXPECT_FALSE(decode_list_reassignments(bytes({0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f})));
  EXPECT_FALSE(decode_alter_reassignments(bytes({0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})));
  EXPECT_FALSE(decode_list_reassignments(bytes({0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x0f})));
  EXPECT_FALSE(decode_api_versions(bytes({0, 0, 0x7f, 0xff, 0xff, 0xff})));
  EXPECT_FALSE(decode_sasl_authenticate(bytes({0, 0, 0x7f, 0xff})));
}

}  // namespace
}  // namespace sluice::kafka::wire
