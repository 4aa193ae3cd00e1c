// The rules, each on a planted violation and on the nearest thing that is allowed.
#include "architecture/rules.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::architecture {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Table table() {
  return parse_table(R"(
[layers]
platform/core    |
platform/kafka   | platform/core
platform/http    | platform/core
@/contract       | platform/core
@/domain         | platform/core
@/application    | platform/core @/domain */contract
@/infrastructure | platform/core platform/kafka @/application @/domain
sluice           | *
[headers]
librdkafka/ | app/platform/kafka/ | platform/kafka
gtest/      | tests               | SLUICE_ASSERT
[tokens]
std::regex        |                             | RE2
new               |                             | std::make_unique
delete            |                             | std::unique_ptr
sleep_for         |                             | a Deadline
system_clock::now | app/platform/core/clock.cpp | Clock
std::thread       | app/platform/http/ tests    | SupervisedLoop
throw             | tests                       | Result
catch (...)       |                             | catch (const std::exception&)
)");
}

struct Case {
  std::string name;
  std::string path;
  std::string text;
  std::string rule;     // empty = nothing is found
  std::string message;  // a part of it
};

class OneSource : public testing::TestWithParam<Case> {};

TEST_P(OneSource, IsJudged) {
  const auto& c = GetParam();
  const auto findings = check_source(table(), make_source(c.path, c.text));
  if (c.rule.empty()) {
    EXPECT_THAT(findings, IsEmpty()) << to_string(findings.empty() ? Finding{} : findings[0]);
    return;
  }
  EXPECT_THAT(findings,
              ElementsAre(AllOf(Field(&Finding::file, c.path), Field(&Finding::rule, c.rule),
                                Field(&Finding::message, HasSubstr(c.message)))));
}

const std::vector<Case> kCases{
    {"DomainSeesInfrastructure", "app/governance/domain/a.cpp",
     "#include \"governance/infrastructure/b.h\"\n", "layer", "governance/infrastructure"},
    {"DomainSeesKafka", "app/governance/domain/repository/a.h",
     "#pragma once\n#include \"platform/kafka/admin.h\"\n", "layer", "platform/kafka"},
    {"DomainSeesCore", "app/governance/domain/a.cpp", "#include \"platform/core/result.h\"\n", "",
     ""},
    {"ApplicationSeesItsDomain", "app/audit/application/a.cpp", "#include \"audit/domain/b.h\"\n",
     "", ""},
    {"ApplicationSeesAnotherDomain", "app/audit/application/a.cpp",
     "#include \"governance/domain/b.h\"\n", "layer", "governance/domain"},
    {"ApplicationSeesAnotherContract", "app/audit/application/a.cpp",
     "#include \"governance/contract/b.h\"\n", "", ""},
    {"PlatformSeesAModule", "app/platform/http/a.cpp", "#include \"governance/domain/b.h\"\n",
     "layer", "governance/domain"},
    {"ThePartUnknownToTheTable", "app/platform/blob/a.cpp", "", "layer", "dependencies.txt"},
    {"TheLayerNobodyAgreedOn", "app/governance/helpers/a.cpp", "", "layer", "no layer"},
    {"RootSeesAll", "app/sluice/main.cpp", "#include \"governance/infrastructure/b.h\"\n", "", ""},
    {"RelativeInclude", "app/governance/domain/a.cpp", "#include \"../b.h\"\n", "relative-include",
     "from app/"},
    {"IncludeWithoutFolder", "app/governance/domain/a.cpp", "#include \"b.h\"\n",
     "relative-include", "from app/"},
    {"IndentedInclude", "app/governance/domain/a.cpp", "  #  include \"../b.h\"\n",
     "relative-include", "from app/"},
    {"CommentedInclude", "app/governance/domain/a.cpp",
     "// #include \"../b.h\"\n/*\n#include <x.h>\n*/", "", ""},
    {"KafkaHeaderOutside", "app/governance/domain/a.cpp", "#include <librdkafka/rdkafka.h>\n",
     "third-party", "use platform/kafka"},
    {"KafkaHeaderInside", "app/platform/kafka/a.cpp", "#include <librdkafka/rdkafka.h>\n", "", ""},
    {"GtestInATestsFixture", "app/platform/http/testing/a.h",
     "#pragma once\n#include <gtest/gtest.h>\n", "", ""},
    {"UnknownLibrary", "app/platform/http/a.cpp", "#include <left/pad.h>\n", "third-party",
     "not in [headers]"},
    {"StandardHeader", "app/governance/domain/a.cpp", "#include <vector>\n", "", ""},
    {"GtestInAProduct", "app/governance/domain/a.cpp", "#include <gtest/gtest.h>\n", "third-party",
     "SLUICE_ASSERT"},
    {"GtestInATest", "app/governance/domain/a_test.cpp", "#include <gtest/gtest.h>\n", "", ""},
    {"Regex", "app/platform/http/a.cpp", "const std::regex pattern;\n", "token", "use RE2"},
    {"RegexAcrossLines", "app/platform/http/a.cpp", "const std::\n  regex pattern;\n", "token",
     "use RE2"},
    {"RegexInAComment", "app/platform/http/a.cpp", "// no std::regex here\n", "", ""},
    {"RegexInAString", "app/platform/http/a.cpp", "auto s = \"std::regex\";\n", "", ""},
    {"RegexInARawString", "app/platform/http/a.cpp", "auto s = R\"x(\" std::regex )x\";\n", "", ""},
    {"RegexAfterAnEscapedQuote", "app/platform/http/a.cpp",
     "auto s = \"\\\"\"; std::regex pattern;\n", "token", "use RE2"},
    {"RegexAfterADigitSeparator", "app/platform/http/a.cpp", "int n = 1'000; std::regex pattern;\n",
     "token", "use RE2"},
    {"RegexAfterAQuoteCharacter", "app/platform/http/a.cpp", "char c = '\"'; std::regex pattern;\n",
     "token", "use RE2"},
    {"RawNew", "app/platform/http/a.cpp", "auto* p = new int;\n", "token", "std::make_unique"},
    {"NewInAWord", "app/platform/http/a.cpp", "int new_size = renew();\n", "", ""},
    {"RawDelete", "app/platform/http/a.cpp", "delete p;\n", "token", "std::unique_ptr"},
    {"DeletedFunction", "app/platform/http/a.cpp", "A(const A&) = delete;\n", "", ""},
    {"Sleep", "tests/integration/a_test.cpp", "std::this_thread::sleep_for(1s);\n", "token",
     "Deadline"},
    {"WallClock", "app/platform/http/a.cpp", "auto t = std::chrono::system_clock::now();\n",
     "token", "use Clock"},
    {"WallClockAtHome", "app/platform/core/clock.cpp",
     "auto t = std::chrono::system_clock::now();\n", "", ""},
    {"Thread", "app/platform/kafka/a.cpp", "std::thread t(run);\n", "token", "SupervisedLoop"},
    {"ThreadAtHome", "app/platform/http/a.cpp", "std::thread t(run);\n", "", ""},
    {"ThreadInATest", "app/platform/kafka/a_test.cpp", "std::thread t(run);\n", "", ""},
    {"Throw", "app/platform/http/a.cpp", "throw Oops{};\n", "token", "use Result"},
    {"CatchAll", "app/platform/http/a.cpp", "try { f(); } catch( ... ) {}\n", "token",
     "std::exception"},
    {"CatchOne", "app/platform/http/a.cpp", "try { f(); } catch (const E&) {}\n", "", ""},
    {"NoPragmaOnce", "app/platform/http/a.h", "int f();\n", "pragma-once", "#pragma once"},
    {"PragmaOnceInAComment", "app/platform/http/a.h", "// #pragma once\n", "pragma-once",
     "#pragma once"},
    {"TooLong", "app/platform/http/a.cpp", std::string(kMaxFileLines + 1, '\n'), "file-size",
     "401 lines"},
    {"JustLongEnough", "app/platform/http/a.cpp", std::string(kMaxFileLines, '\n'), "", ""},
    {"LaterIsNever", "app/platform/http/a.cpp",
     "int f();  // TO"
     "DO: more\n",
     "todo", "issue"},
};

INSTANTIATE_TEST_SUITE_P(Rules, OneSource, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& row) { return row.param.name; });

TEST(Finding, NamesFileLineRuleAndReplacement) {
  const auto findings = check_source(
      table(), make_source("app/platform/http/a.cpp", "int a;\n\nauto* p = new int;\n"));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(to_string(findings[0]),
            "app/platform/http/a.cpp:3: [token] `new` is not for here; use std::make_unique");
}

TEST(Cycles, AreNamedWithTheirWholeTrail) {
  const std::vector<Source> sources{
      make_source("app/platform/core/a.h", "#include \"platform/core/b.h\"\n"),
      make_source("app/platform/core/b.h", "\n#include \"platform/core/c.h\"\n"),
      make_source("app/platform/core/c.h", "#include \"platform/core/a.h\"\n"),
  };
  const auto findings = check_cycles(sources);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_THAT(to_string(findings[0]),
              HasSubstr("app/platform/core/c.h:1: [cycle] app/platform/core/a.h → "
                        "app/platform/core/b.h → app/platform/core/c.h → app/platform/core/a.h"));
}

TEST(Cycles, TwoPathsToOneHeaderAreNone) {
  const std::vector<Source> sources{
      make_source("app/platform/core/a.h",
                  "#include \"platform/core/b.h\"\n#include \"platform/core/c.h\"\n"),
      make_source("app/platform/core/b.h", "#include \"platform/core/c.h\"\n"),
      make_source("app/platform/core/c.h", ""),
  };
  EXPECT_THAT(check_cycles(sources), IsEmpty());
}

TEST(Links, AreHeldToTheSameTable) {
  const auto findings = check_links(table(), "app/governance/CMakeLists.txt",
                                    "# sluice_layer(governance/domain DEPENDS platform/kafka)\n"
                                    "sluice_layer(governance/domain\n"
                                    "  SOURCES a.cpp\n"
                                    "  DEPENDS platform/core  # fine\n"
                                    "          platform/kafka\n"
                                    "  TEST_DEPENDS platform/http)\n");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(
      to_string(findings[0]),
      "app/governance/CMakeLists.txt:5: [link] governance/domain may not link platform/kafka: "
      "the table is dependencies.txt");
}

TEST(TheTable, MayNotPointBothWays) {
  const auto both = parse_table("[layers]\nplatform/a | platform/b\nplatform/b | platform/a\n");
  ASSERT_EQ(check_table(both).size(), 1U);
  const auto layers = parse_table("[layers]\n@/domain | @/application\n@/application | @/domain\n");
  EXPECT_EQ(check_table(layers).size(), 1U);
  EXPECT_THAT(check_table(table()), IsEmpty());
}

TEST(TheTable, RefusesARowItCannotRead) {
  EXPECT_THROW(parse_table("[tokens]\nstd::regex | RE2\n"), std::runtime_error);
  EXPECT_THROW(parse_table("[layers]\na/b |\na/b |\n"), std::runtime_error);
  EXPECT_THROW(parse_table("a | b | c\n"), std::runtime_error);
}

TEST(Portable, RefusesPlacesOfOneMachineAndRegistryHosts) {
  const auto rule_of = [](const std::string& text) {
    const auto findings = check_portable("scripts/x", text);
    return findings.empty() ? std::string("-") : findings[0].rule;
  };
  EXPECT_EQ(rule_of("cp a /wo"
                    "rk/main\n"),
            "machine-path");
  EXPECT_EQ(rule_of("see docs/wo"
                    "rk/main\n"),
            "-");
  EXPECT_EQ(rule_of("curl https://repo1.ma"
                    "ven.org/maven2\n"),
            "registry-host");
  EXPECT_EQ(rule_of("pip --index-url http://py"
                    "pi.python.org/simple\n"),
            "registry-host");
  EXPECT_EQ(rule_of("xmlns=\"http://maven.apache.org/POM/4.0.0\"\n"), "-");
  EXPECT_EQ(rule_of("see https://keepachangelog.com\n"), "-");
}

}  // namespace
}  // namespace sluice::architecture
