#include "audit/interface/audit_routes.h"

#include <atomic>

#include "audit/interface/audit_query.h"
#include "audit/interface/record_format.h"
#include "platform/core/canonical_json.h"

namespace sluice::audit::interface {
namespace {

constexpr int kExportsAtOnce = 2;  // each keeps a worker and its client's pace
constexpr std::size_t kExportPage = 500;
constexpr std::size_t kChunk = 64 * 1024;
constexpr std::chrono::seconds kPageTime{5};
constexpr std::chrono::seconds kClientPatience{30};  // for a client that takes nothing

application::MayView may_view(const http::Request& request) {
  return [principal = request.principal](std::string_view environment, std::string_view name) {
    return principal->may(auth::Role::kViewer, environment, name);
  };
}

http::Response page_of(const application::RecordPage& page) {
  http::Response response;
  response.body = R"({"records":[)";
  for (std::size_t i = 0; i < page.records.size(); ++i) {
    if (i > 0) response.body.push_back(',');
    append_json(response.body, page.records[i]);
  }
  response.body.push_back(']');
  if (page.next) {
    response.body += R"(,"next":)";
    append_canonical_string(response.body, write_cursor(*page.next));
  }
  response.body.push_back('}');
  return response;
}

http::Response head_of(Format format) {
  const bool csv = format == Format::kCsv;
  http::Response head;
  head.content_type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
  head.headers.set("Content-Disposition",
                   csv ? "attachment; filename=\"audits.csv\"" : "attachment; filename=\"audits.jsonl\"");
  return head;
}

// One export: page after page, as fast as the client takes them, in bounded memory.
class Export {
 public:
  Export(domain::RecordRepository& records, AuditQuery query, application::MayView may)
      : records_(records), query_(std::move(query)), may_(std::move(may)) {
    query_.records.limit = kExportPage;
  }

  // The first page comes before the answer's head: an error can still be told then.
  Result<application::RecordPage> first() { return next_page(); }

  Status write(application::RecordPage page, http::Responder::Stream& out) {
    if (query_.format == Format::kCsv) chunk_ = csv_header();
    for (;;) {
      for (const domain::Record& record : page.records) {
        append(record);
        if (chunk_.size() >= kChunk && !flush(out)) return {};
      }
      if (!page.next || done()) break;
      query_.records.after = page.next;
      SLUICE_TRY(page, next_page());
    }
    flush(out);
    return {};
  }

 private:
  Result<application::RecordPage> next_page() {
    if (query_.at_most) query_.records.limit = std::min(kExportPage, *query_.at_most - written_);
    return application::list_records(records_, query_.records, may_, Deadline::after(kPageTime));
  }
  void append(const domain::Record& record) {
    ++written_;
    if (query_.format == Format::kCsv) return append_csv(chunk_, record);
    append_json(chunk_, record);
    chunk_.push_back('\n');
  }
  [[nodiscard]] bool done() const { return query_.at_most && written_ >= *query_.at_most; }
  bool flush(http::Responder::Stream& out) {
    const bool taken = out.write_within(chunk_, Deadline::after(kClientPatience));
    chunk_.clear();
    return taken;
  }

  domain::RecordRepository& records_;
  AuditQuery query_;
  application::MayView may_;
  std::size_t written_ = 0;
  std::string chunk_;
};

class AuditApi {
 public:
  AuditApi(domain::RecordRepository& records, log::Logger logger) : records_(records), logger_(std::move(logger)) {}

  void list(http::Request request, http::Responder responder) {
    auto query = read_audit_query(request);
    if (!query) return responder.send(http::Response::problem(query.error(), request.request_id));
    if (query->format != Format::kJson) return export_all(request, std::move(*query), std::move(responder));
    const auto page = application::list_records(records_, query->records, may_view(request), request.deadline);
    responder.send(page ? page_of(*page) : http::Response::problem(page.error(), request.request_id));
  }

 private:
  void export_all(const http::Request& request, AuditQuery query, http::Responder responder) {
    const Turn turn(exports_);
    if (!turn.taken()) return responder.send(too_many(request));
    const Format format = query.format;
    Export exported(records_, std::move(query), may_view(request));
    auto page = exported.first();
    if (!page) return responder.send(http::Response::problem(page.error(), request.request_id));
    const auto stream = responder.stream(head_of(format));
    if (!stream) return;
    if (const Status done = exported.write(std::move(*page), *stream); !done) {
      logger_.warn("audit export not finished", {{"request_id", request.request_id}, {"reason", done.error().describe()}});
      stream->cut();
    }
  }

  static http::Response too_many(const http::Request& request) {
    auto response = http::Response::problem({ErrorKind::kUnavailable, "audit.exports-busy",
                                             "Other exports of the audit trail are running.", "Try again later.", {}},
                                            request.request_id);
    response.headers.set("Retry-After", "5");
    return response;
  }

  class Turn {
   public:
    explicit Turn(std::atomic<int>& running) : running_(running), taken_(running.fetch_add(1) < kExportsAtOnce) {}
    ~Turn() { running_.fetch_sub(1); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    [[nodiscard]] bool taken() const { return taken_; }

   private:
    std::atomic<int>& running_;
    const bool taken_;
  };

  domain::RecordRepository& records_;
  const log::Logger logger_;
  std::atomic<int> exports_{0};
};

}  // namespace

std::vector<http::Route> audit_routes(domain::RecordRepository& records, log::Logger logger) {
  http::Route list;
  list.method = http::Method::kGet;
  list.pattern = "/v1/audits";
  list.operation_id = "listAudits";
  list.access = http::Access::at_least(auth::Role::kViewer);
  list.handler = [api = std::make_shared<AuditApi>(records, std::move(logger))](http::Request request,
                                                                                http::Responder responder) {
    api->list(std::move(request), std::move(responder));
  };
  std::vector<http::Route> routes;
  routes.push_back(std::move(list));
  return routes;
}

}  // namespace sluice::audit::interface
