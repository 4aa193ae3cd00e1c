// SCRAM: the RFC's own exchange, and brokers that lie.
#include "platform/kafka/wire/scram.h"

#include <gtest/gtest.h>

namespace sluice::kafka::wire {
namespace {

constexpr const char* kNonce = "rOprNGfwEbeRWgbNEkqO";
constexpr const char* kChallenge =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

ScramClient client() { return {Sasl{Mechanism::kScramSha256, "user", "pencil"}, kNonce}; }

TEST(Scram, SpeaksTheExampleOfRfc7677) {
  auto scram = client();
  EXPECT_EQ(scram.first_message(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  EXPECT_EQ(scram.final_message(kChallenge).value(),
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  EXPECT_TRUE(scram.check_server("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
}

TEST(Scram, EscapesTheUsersName) {
  const ScramClient scram({Sasl{Mechanism::kScramSha512, "a=b,c", "x"}, "n"});
  EXPECT_EQ(scram.first_message(), "n,,n=a=3Db=2Cc,r=n");
}

class BadChallenge : public ::testing::TestWithParam<const char*> {};
TEST_P(BadChallenge, IsRefused) {
  auto scram = client();
  const auto answer = scram.final_message(GetParam());
  ASSERT_FALSE(answer) << *answer;
  EXPECT_EQ(answer.error().code, "kafka.authentication");
}
INSTANTIATE_TEST_SUITE_P(
    Lies, BadChallenge,
    ::testing::Values("", "e=other-error", ",,,,", "r=", "r=rOprNGfwEbeRWgbNEkqO+,s=W22ZaJ0SNY7soEsUEjb6gQ==",
                      "r=somebody-elses,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                      "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",  // the broker added nothing
                      "r=rOprNGfwEbeRWgbNEkqO+,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1",
                      "r=rOprNGfwEbeRWgbNEkqO+,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-4096",
                      "r=rOprNGfwEbeRWgbNEkqO+,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999",
                      "r=rOprNGfwEbeRWgbNEkqO+,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000",  // would hang us
                      "r=rOprNGfwEbeRWgbNEkqO+,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096x",
                      "r=rOprNGfwEbeRWgbNEkqO+,s=!!!!,i=4096", "r=rOprNGfwEbeRWgbNEkqO+,s=abc,i=4096"));

TEST(Scram, AServerWithoutThePasswordIsNotBelieved) {
  auto scram = client();
  EXPECT_FALSE(scram.check_server("v=")) << "before the exchange";
  ASSERT_TRUE(scram.final_message(kChallenge));
  for (const char* signature : {"", "v=", "e=invalid-proof", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4"}) {
    EXPECT_FALSE(scram.check_server(signature)) << signature;
  }
}

}  // namespace
}  // namespace sluice::kafka::wire
