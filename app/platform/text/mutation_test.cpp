// Property: whatever happens to the bytes of a document, both readers answer with a node, or with an
// error that names a place in the text.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "platform/core/text.h"
#include "platform/text/json.h"
#include "platform/text/yaml.h"

namespace sluice::text {
namespace {

using Random = std::mt19937_64;

constexpr std::array<std::string_view, 5> kDocuments{
    "apiVersion: v1\nitems:\n  - name: prod.orders\n    partitions: 12\n    config:\n      retention.ms: 7d\n",
    "{\"items\": [{\"name\": \"x\\u00e4\", \"n\": -1.5e3, \"b\": true, \"z\": null}], \"k\": []}",
    "a: |\n  text\n  more\nb: >-\n  folded\nc: 'it''s'\nd: \"\\x41\"\ne: {f: [1, 2], g: ~}\n? k\n: v\n",
    "# c\n---\n- 0x10\n- 0o7\n- .5\n- !!str x\n- &a y\n- *a\n- <<: z\n...\n",
    "[[[[1]]], {\"a\": {\"b\": {\"c\": [18446744073709551616, 1e400]}}}]"};

// Bytes that mean something to one of the grammars, beside random ones.
constexpr std::string_view kSharp = "{}[],:\"'\\\n\r\t -?&*!|>%@`#~.<\xff\xef\xbb\xbf\xc3\0" "0";

std::size_t below(Random& random, std::size_t bound) {
  return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

char any_byte(Random& random) {
  return below(random, 2) == 0 ? kSharp[below(random, kSharp.size())]
                               : static_cast<char>(below(random, 256));
}

void mutate(std::string& text, Random& random) {
  const std::size_t at = below(random, text.size() + 1);
  switch (below(random, 4)) {
    case 0: text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), any_byte(random)); break;
    case 1: text.erase(at, below(random, 5)); break;
    case 2: text.insert(at, text.substr(below(random, text.size() + 1), below(random, 40))); break;
    default:
      if (at < text.size()) text[at] = any_byte(random);
  }
}

void expect_answer(const Result<Node>& node, const std::string& text) {
  if (node) return;
  ASSERT_FALSE(node.error().problems.empty()) << printable(text, 2000);
  for (const Problem& problem : node.error().problems) {
    ASSERT_GE(problem.line, 1) << printable(text, 2000);
    ASSERT_GE(problem.column, 0) << printable(text, 2000);
    ASSERT_FALSE(problem.rule.empty());
    ASSERT_TRUE(is_valid_utf8(problem.message + problem.field)) << printable(text, 2000);
  }
}

TEST(Readers, AnswerEveryMutation) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < 40'000; ++round) {
    std::string text(kDocuments[below(random, kDocuments.size())]);
    for (std::size_t edits = below(random, 4) + 1; edits > 0; --edits) mutate(text, random);
    const auto yaml = parse_yaml(text);
    expect_answer(yaml, text);
    expect_answer(parse_json(text), text);
    if (yaml) {
      // What was read can be said as JSON and reads the same again.
      const std::string json = to_json(*yaml).dump();
      const auto again = parse_json(json);
      ASSERT_TRUE(again) << again.error().describe() << "\n" << printable(text, 2000);
      ASSERT_EQ(to_json(*again).dump(), json);
    }
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace sluice::text
