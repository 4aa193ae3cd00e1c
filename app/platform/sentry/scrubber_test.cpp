#include "platform/sentry/scrubber.h"

#include <gtest/gtest.h>

#include "platform/sentry/dsn.h"

namespace sluice::sentry {
namespace {

// The canary never comes out, wherever it stood.
TEST(Scrubber, LetsNoCanaryOut) {
  constexpr std::string_view kCanary = "Can4ryYellowBird77";
  const Scrubber by_look({});
  const Scrubber by_value({std::string(kCanary)});
  for (const char* place :
       {"password=%", "password: %", "PASSWORD = %", "\"password\":\"%\"", "\"password\": \"%, and more\"", "sasl.password=%",
        "connection failed: host=db user=kim password='%' port=1", "token=%&x=1", "?access_token=%", "secret: %;",
        "Authorization: Bearer %", "authorization: Basic %", "bearer %", "Basic %", "cookie: a=b; session=%", "X-Api-Key: %",
        "https://kim:%@example.com/x", "postgresql://kim:%@db/x failed", "http://%@host", "https://a:b@c:%@host/x",
        "dsn=https://%@sentry.example/1", "private_key=%", "client_secret=%", "passwd:%", "credentials: %",
        "{\"a\":{\"apiKey\":\"%\"}}", "jaas: %"}) {
    std::string text(place);
    text.replace(text.find('%'), 1, kCanary);
    EXPECT_EQ(by_look.text(text).find(kCanary), std::string::npos) << by_look.text(text);
    EXPECT_EQ(by_value.text(text).find(kCanary), std::string::npos) << by_value.text(text);
  }
  EXPECT_EQ(by_value.text("free in the text: Can4ryYellowBird77!"), "free in the text: [scrubbed]!");
}

TEST(Scrubber, KnowsTokensByTheirLook) {
  const Scrubber scrubber({});
  for (const char* token : {"slt_0123456789abcdef_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE",
                            "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJraW1AZXhhbXBsZS5jb20iLCJuMSI6MX0.AbCdEfGhIjKlMnOpQrStUvWxYz01234"}) {
    const std::string out = scrubber.text(std::string("got ") + token + " here");
    EXPECT_EQ(out.find("AbCdEfGh"), std::string::npos) << out;
    EXPECT_TRUE(out.starts_with("got ")) << out;
    EXPECT_TRUE(out.ends_with(" here")) << out;
  }
}

TEST(Scrubber, LeavesWhatIsNone) {
  const Scrubber scrubber({"", "abc"});  // too short to be looked for
  for (const char* text : {"kafka.timeout: the broker did not answer in time", "topic prod.orders.created-v2_eu: partitions=12",
                           "digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "01934f2e-7c1a-7b3e-8f00-0123456789ab",
                           "https://example.com/a?b=c", "12:30:45 abc", "", "=", ":", "::=\"", "://", "@"}) {
    EXPECT_EQ(scrubber.text(text), text);
  }
}

TEST(Scrubber, ScrubsFieldsByTheirNames) {
  const Scrubber scrubber({});
  EXPECT_EQ(scrubber.field("approval_token", "x"), kScrubbed);
  EXPECT_EQ(scrubber.field("Authorization", "x"), kScrubbed);
  EXPECT_EQ(scrubber.field("reason", "password=x"), "password=[scrubbed]");
  EXPECT_EQ(scrubber.field("route", "/v1/topics"), "/v1/topics");
}

TEST(Scrubber, TakesALongerSecretBeforeOneThatIsPartOfIt) {
  EXPECT_EQ(Scrubber({"pass", "password1"}).text("x password1 y"), "x [scrubbed] y");
}

struct DsnCase {
  const char* text;
  const char* url;  // empty = refused
};

TEST(ParseDsn, ReadsWhatSentryShows) {
  for (const DsnCase& c :
       {DsnCase{"https://abc123@o1.ingest.sentry.io/42", "https://o1.ingest.sentry.io/api/42/envelope/"},
        DsnCase{"https://abc123:old@sentry.example:9000/a/b/42", "https://sentry.example:9000/a/b/api/42/envelope/"},
        DsnCase{"http://k@127.0.0.1:1/7", "http://127.0.0.1:1/api/7/envelope/"}, DsnCase{"", ""}, DsnCase{"https://o1.ingest.sentry.io/42", ""},
        DsnCase{"https://abc@host", ""}, DsnCase{"https://abc@/1", ""}, DsnCase{"https://abc@host/", ""},
        DsnCase{"ftp://abc@host/1", ""}, DsnCase{"https://a b@host/1", ""}, DsnCase{"https://@host/1", ""},
        DsnCase{"https://abc@host@evil/1", ""}, DsnCase{"https://abc@host/1?x=1", ""}, DsnCase{"abc@host/1", ""}}) {
    const auto dsn = parse_dsn(c.text);
    EXPECT_EQ(dsn ? dsn->envelope_url : "", c.url) << c.text;
    if (!dsn) {
      EXPECT_EQ(dsn.error().describe().find("abc123"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace sluice::sentry
