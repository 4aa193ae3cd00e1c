#include "platform/http/problem.h"

#include "platform/http/wire/response_head.h"

namespace sluice::http {
namespace {

Json to_json(const Problem& problem) {
  Json json{{"field", problem.field}, {"rule", problem.rule}, {"message", problem.message}};
  if (!problem.fix.empty()) json["fix"] = problem.fix;
  if (problem.line > 0) json["line"] = problem.line;
  if (problem.column > 0) json["column"] = problem.column;
  return json;
}

}  // namespace

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid: return 422;  // readable as HTTP; 400 is for what is not
    case ErrorKind::kUnauthenticated: return 401;
    case ErrorKind::kForbidden: return 403;
    case ErrorKind::kNotFound: return 404;
    case ErrorKind::kConflict: return 409;
    case ErrorKind::kTooLarge: return 413;
    case ErrorKind::kUnsupported: return 415;
    case ErrorKind::kRateLimited: return 429;
    case ErrorKind::kTimeout: return 504;
    case ErrorKind::kUnavailable: return 503;
    case ErrorKind::kCancelled: return 503;
    case ErrorKind::kInternal: return 500;
  }
  return 500;
}

Response problem_with_status(int status, const Error& error, std::string_view request_id) {
  Json body{{"type", "urn:sluice:problem:" + error.code},
            {"title", std::string(wire::reason_phrase(status))},
            {"status", status},
            {"code", error.code},
            {"detail", error.message}};
  if (!error.fix.empty()) body["fix"] = error.fix;
  body["requestId"] = std::string(request_id);
  if (!error.problems.empty()) {
    Json problems = Json::array();
    for (const Problem& problem : error.problems) problems.push_back(to_json(problem));
    body["problems"] = std::move(problems);
  }
  Response response = Response::json(status, body);
  response.content_type = "application/problem+json";
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"sluice\"");
  return response;
}

Response Response::problem(const Error& error, std::string_view request_id) {
  Response response = problem_with_status(status_of(error.kind), error, request_id);
  if (error.kind == ErrorKind::kInternal) response.internal_error = error.describe();
  return response;
}

}  // namespace sluice::http
