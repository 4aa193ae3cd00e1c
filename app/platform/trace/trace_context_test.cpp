#include "platform/trace/trace_context.h"

#include <gtest/gtest.h>

#include <set>

namespace sluice::trace {
namespace {

constexpr std::string_view kTraceId = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view kParentId = "b7ad6b7169203331";
constexpr std::string_view kGood = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContext, ReadsAndWritesVersion00) {
  const auto context = TraceContext::parse(kGood);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->trace_id, kTraceId);
  EXPECT_EQ(context->parent_id, kParentId);
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->to_header(), kGood);
}

struct Case {
  std::string_view name;
  std::string_view header;
  bool valid;
};

class TraceParent : public testing::TestWithParam<Case> {};

TEST_P(TraceParent, IsReadStrictly) {
  EXPECT_EQ(TraceContext::parse(GetParam().header).has_value(), GetParam().valid);
}

INSTANTIATE_TEST_SUITE_P(
    Table, TraceParent,
    testing::Values(
        Case{"empty", "", false},
        Case{"unsampled", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", true},
        Case{"unknown_flags", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe", true},
        Case{"upper_case_trace", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
        Case{"upper_case_parent", "00-0af7651916cd43dd8448eb211c80319c-B7ad6b7169203331-01", false},
        Case{"upper_case_flags", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0A", false},
        Case{"zero_trace", "00-00000000000000000000000000000000-b7ad6b7169203331-01", false},
        Case{"zero_parent", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false},
        Case{"version_ff", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
        Case{"version_not_hex", "0g-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false},
        Case{"short", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0", false},
        Case{"long_version_00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x", false},
        Case{"future", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true},
        Case{"future_longer", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what", true},
        Case{"future_glued", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what", false},
        Case{"wrong_dash", "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01", false},
        Case{"dash_in_id", "00-0af7651916cd43dd8448eb211c80319--b7ad6b7169203331-01", false},
        Case{"leading_space", " 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(TraceContext, ReadsTheSampledBitOnly) {
  const auto flags = [](const char* hex) {
    return TraceContext::parse(std::string(kGood.substr(0, 53)) + hex)->sampled;
  };
  EXPECT_TRUE(flags("03"));
  EXPECT_TRUE(flags("0f"));
  EXPECT_FALSE(flags("02"));
  EXPECT_FALSE(flags("0a"));
}

TEST(TraceContext, GeneratesValidAndDifferentIds) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto context = TraceContext::generate();
    ASSERT_EQ(TraceContext::parse(context.to_header()), context);
    ASSERT_TRUE(seen.insert(context.trace_id).second);
  }
}

TEST(TraceContext, AChildKeepsTraceAndSampling) {
  const TraceContext parent{std::string(kTraceId), std::string(kParentId), false};
  const auto child = parent.child();
  EXPECT_EQ(child.trace_id, parent.trace_id);
  EXPECT_NE(child.parent_id, parent.parent_id);
  EXPECT_FALSE(child.sampled);
}

TEST(ContinueOrGenerate, ContinuesWhatIsValidAndStartsAnewOtherwise) {
  EXPECT_EQ(continue_or_generate(kGood).trace_id, kTraceId);
  EXPECT_NE(continue_or_generate(kGood).parent_id, kParentId);
  EXPECT_TRUE(continue_or_generate("nonsense").sampled);
}

}  // namespace
}  // namespace sluice::trace
