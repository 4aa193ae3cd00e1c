#include "platform/http/router.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace sluice::http {
namespace {

Route route(Method method, std::string pattern) {
  Route made;
  made.method = method;
  made.operation_id = pattern;
  made.pattern = std::move(pattern);
  made.access = Access::open();
  made.handler = [](const Request&, const Responder&) {};
  return made;
}

Router things() {
  Router router;
  for (const auto* pattern : {"/v1/topics/{name}", "/v1/topics/plan/{id}", "/v1/topics/{name}/{part}", "/v1/topics/batch", "/"})
    router.add(route(Method::kGet, pattern));
  router.add(route(Method::kPost, "/v1/topics/batch"));
  return router;
}

struct Found {
  const char* path;
  const char* pattern;  // "" = nothing there
  const char* name;     // value of {name}
};

TEST(Router, FindsTheMostLiteralPattern) {
  const Router router = things();
  for (const auto& [path, pattern, name] : {
           Found{"/", "/", ""},
           Found{"/v1/topics/batch", "/v1/topics/batch", ""},
           Found{"/v1/topics/b%61tch", "/v1/topics/batch", ""},
           Found{"/v1/topics/orders", "/v1/topics/{name}", "orders"},
           Found{"/v1/topics/a%2Fb", "/v1/topics/{name}", "a/b"},
           Found{"/v1/topics/plan/7", "/v1/topics/plan/{id}", ""},
           Found{"/v1/topics/plans/7", "/v1/topics/{name}/{part}", "plans"},
           Found{"/v1/topics/", "", ""},
           Found{"/v1/topics//x", "", ""},
           Found{"/v1/topics/a/", "", ""},
           Found{"/v1/topics", "", ""},
           Found{"//v1/topics/a", "", ""},
           Found{"/V1/topics/a", "", ""},
           Found{"*", "", ""},
       }) {
    const auto match = router.find(Method::kGet, path);
    if (*pattern == '\0') {
      EXPECT_EQ(match.outcome, Router::Outcome::kNoPath) << path;
      continue;
    }
    ASSERT_NE(match.route, nullptr) << path;
    EXPECT_EQ(match.route->pattern, pattern) << path;
    Request request;
    request.path_values = match.path_values;
    EXPECT_EQ(request.path_value("name"), name) << path;
  }
}

TEST(Router, NamesTheMethodsOfAPath) {
  const Router router = things();
  EXPECT_EQ(router.find(Method::kHead, "/v1/topics/batch").outcome, Router::Outcome::kFound);
  const auto match = router.find(Method::kPut, "/v1/topics/batch");
  EXPECT_EQ(match.outcome, Router::Outcome::kNoMethod);
  EXPECT_EQ(match.allow, "GET, HEAD, POST, OPTIONS");
}

TEST(Router, CheckNamesEveryFault) {
  Router router;
  router.add(route(Method::kGet, "/twice"));
  router.add(route(Method::kGet, "/twice"));
  auto open = route(Method::kGet, "/undeclared");
  open.access.reset();
  router.add(std::move(open));
  auto idle = route(Method::kGet, "/idle");
  idle.handler = nullptr;
  router.add(std::move(idle));
  for (const auto dispatch : {Dispatch::kInline, Dispatch::kWorker, Dispatch::kDeferred, Dispatch::kStream}) {
    auto upload = route(Method::kPost, fmt::format("/upload/{}", static_cast<int>(dispatch)));
    upload.dispatch = dispatch;
    upload.body = BodyMode::kStreamed;
    router.add(std::move(upload));
  }
  for (const auto* pattern : {"relative", "/a//b", "/a{b}", "/{}"}) router.add(route(Method::kGet, pattern));
  const auto status = router.check();
  ASSERT_FALSE(status);
  std::vector<std::string> faults;
  for (const auto& problem : status.error().problems) faults.push_back(problem.field + " " + problem.rule);
  EXPECT_THAT(faults, ::testing::ElementsAre("GET /twice twice", "GET /undeclared access", "GET /idle handler", "POST /upload/0 body", "POST /upload/1 body",
                                             "GET relative pattern", "GET /a//b pattern", "GET /a{b} pattern",
                                             "GET /{} pattern"));
  EXPECT_TRUE(things().check());
}

}  // namespace
}  // namespace sluice::http
