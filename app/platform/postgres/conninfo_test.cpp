#include "platform/postgres/conninfo.h"

#include <gtest/gtest.h>

namespace sluice::postgres {
namespace {

ConnectionOptions with_url(std::string url) {
  ConnectionOptions options;
  options.url = std::move(url);
  return options;
}

TEST(Conninfo, AddsDefaultsThatTheUrlCanOverride) {
  auto keywords = parse_conninfo(
      with_url("postgresql://u:p%40ss@db:5433/sluice?tcp_user_timeout=1234&sslmode=require"));
  ASSERT_TRUE(keywords) << keywords.error().describe();
  auto& k = *keywords;
  EXPECT_EQ(k["password"], "p@ss");
  EXPECT_EQ(k["host"], "db");
  EXPECT_EQ(k["port"], "5433");
  EXPECT_EQ(k["application_name"], "sluice/server");
  EXPECT_EQ(k["target_session_attrs"], "read-write");
  EXPECT_EQ(k["keepalives_idle"], "5");
  EXPECT_EQ(k["tcp_user_timeout"], "1234");
  EXPECT_EQ(k["sslmode"], "require");
}

TEST(Conninfo, NeverQuotesAUrlItCannotRead) {
  for (const char* url :
       {"postgresql://u:hunter2%zz@h/db", "hunter2", "postgresql://u:hunter2@[::1/db",
        "host=h password='hunter2", "postgresql://h/db?hunter2=1"}) {
    const auto keywords = parse_conninfo(with_url(url));
    ASSERT_FALSE(keywords) << url;
    EXPECT_EQ(keywords.error().code, "postgres.url");
    EXPECT_EQ(keywords.error().describe().find("hunter2"), std::string::npos);
  }
}

TEST(Conninfo, RefusesWhatWouldBypassTheDeadlineOnNames) {
  EXPECT_FALSE(parse_conninfo(with_url("host=h hostaddr=127.0.0.1")));
}

TEST(Conninfo, PairsHostsWithPorts) {
  using Endpoints = std::vector<Endpoint>;
  EXPECT_EQ(split_endpoints({{"host", "a,b"}, {"port", "1,2"}}).value(),
            (Endpoints{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(split_endpoints({{"host", "a,b"}, {"port", "1"}}).value(),
            (Endpoints{{"a", "1"}, {"b", "1"}}));
  EXPECT_EQ(split_endpoints({{"port", "5432"}}).value(), (Endpoints{{"", "5432"}}));
  EXPECT_EQ(split_endpoints({{"host", "a,b,c"}, {"port", "1,2"}}).error().code, "postgres.url");
}

TEST(Conninfo, MasksThePasswordWhereverItStands) {
  EXPECT_EQ(mask_password("hunter2 and hunter2", {{"password", "hunter2"}}), "*** and ***");
  EXPECT_EQ(mask_password("a * b", {{"password", "*"}}), "a *** b");
  EXPECT_EQ(mask_password("nothing", {}), "nothing");
}

TEST(Resolve, LeavesAddressesAndSocketFoldersAlone) {
  const auto deadline = Deadline::after(std::chrono::seconds{5});
  for (const char* host : {"127.0.0.1", "::1", "/var/run/postgresql", ""}) {
    EXPECT_EQ(resolve(host, deadline).value(), std::vector<std::string>{host});
  }
}

TEST(Resolve, FindsLocalhost) {
  const auto addresses = resolve("localhost", Deadline::after(std::chrono::seconds{10}));
  ASSERT_TRUE(addresses) << addresses.error().describe();
  EXPECT_FALSE(addresses->empty());
}

}  // namespace
}  // namespace sluice::postgres
