#include "platform/http/wire/response_head.h"

#include <fmt/format.h>

#include <iterator>

#include "platform/http/wire/head.h"

namespace sluice::http::wire {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value)
    if (is_field_value({&c, 1})) out.push_back(c);
  out.append("\r\n");
}

// 1xx, 204 and 304 have no body and must not name a length.
bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

bool is_ours(std::string_view name) {
  for (const std::string_view ours : {"content-length", "transfer-encoding", "connection", "content-type",
                                      "x-request-id", "traceparent", "date"})
    if (equals_ignoring_case(name, ours)) return true;
  return false;
}

}  // namespace

void append_head(std::string& out, const Response& response, const ResponseFrame& frame) {
  const fmt::format_int status(response.status);
  out.append("HTTP/1.1 ").append(status.data(), status.size()).append(" ");
  out.append(reason_phrase(response.status)).append("\r\n");
  if (may_have_body(response.status)) {
    if (!response.content_type.empty() && (!response.body.empty() || frame.framing != Framing::kLength))
      append_field(out, "content-type", response.content_type);
    const fmt::format_int length(response.body.size());
    if (frame.framing == Framing::kLength)
      out.append("content-length: ").append(length.data(), length.size()).append("\r\n");
    if (frame.framing == Framing::kChunked) out.append("transfer-encoding: chunked\r\n");
  }
  if (!frame.keep_alive) out.append("connection: close\r\n");
  else if (frame.minor_version == 0) out.append("connection: keep-alive\r\n");
  append_field(out, "x-request-id", frame.request_id);
  if (!frame.traceparent.empty()) append_field(out, "traceparent", frame.traceparent);
  if (!frame.date.empty()) append_field(out, "date", frame.date);
  for (const auto& [name, value] : response.headers.all())
    if (is_token(name) && !is_ours(name)) append_field(out, name, value);
  out.append("\r\n");
}

void append_chunk(std::string& out, std::string_view bytes) {
  fmt::format_to(std::back_inserter(out), "{:x}\r\n", bytes.size());
  out.append(bytes).append("\r\n");
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 207: return "Multi-Status";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

}  // namespace sluice::http::wire
