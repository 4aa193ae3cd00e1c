#include "platform/core/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "platform/core/json.h"

namespace sluice {
namespace {

TEST(JsonWriter, WritesWhatATreeWouldSay) {
  JsonWriter json;
  json.begin_object();
  json.member("text", std::string("a \"b\" \\ \n \x01 주문"));
  json.member("least", std::numeric_limits<std::int64_t>::min());
  json.member("flag", true);
  json.member("none", std::optional<std::string>());
  json.member("some", std::optional<std::int64_t>(7));
  json.key("empty");
  json.begin_array();
  json.end_array();
  json.key("list");
  json.begin_array();
  json.value("x");
  json.begin_object();
  json.end_object();
  json.begin_object();
  json.member("in", std::int64_t{1});
  json.end_object();
  json.null();
  json.end_array();
  json.member("last", false);
  json.end_object();
  const Json tree{{"text", "a \"b\" \\ \n \x01 주문"},
                  {"least", std::numeric_limits<std::int64_t>::min()},
                  {"flag", true},
                  {"none", nullptr},
                  {"some", 7},
                  {"empty", Json::array()},
                  {"list", {"x", Json::object(), {{"in", 1}}, nullptr}},
                  {"last", false}};
  EXPECT_EQ(std::move(json).take(), tree.dump());
}

TEST(JsonWriter, ReplacesWhatIsNoUtf8) {
  JsonWriter json;
  json.value("a\xff");
  EXPECT_EQ(std::move(json).take(), "\"a\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace sluice
