// sluice audit list | export | verify: the audit trail through the API, and its verification.
#include "sluice/audit_command.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <fstream>
#include <functional>
#include <ostream>

#include "audit/interface/record_format.h"
#include "platform/core/text.h"
#include "platform/http/wire/target.h"
#include "sluice/connection.h"
#include "sluice/report_output.h"

namespace sluice::cli {
namespace {

constexpr int kExportPage = 1'000;

struct Options {
  Connection connection;
  std::vector<std::pair<const char*, std::string>> filter{{"environment", ""}, {"target", ""}, {"name", ""},
                                                          {"action", ""},      {"actor", ""},  {"changeId", ""},
                                                          {"outcome", ""},     {"from", ""},   {"to", ""}};
  std::string format;
  std::string file = "-";
  int limit = 100;
};

std::string path_of(const Options& options, std::string_view order, int limit, const std::string& after) {
  std::string path = fmt::format("/v1/audits?order={}&limit={}", order, limit);
  for (const auto& [name, value] : options.filter) {
    if (!value.empty()) path += fmt::format("&{}={}", name, http::wire::percent_encode(value));
  }
  if (!after.empty()) path += "&after=" + after;
  return path;
}

struct Page {
  std::vector<audit::domain::Record> records;
  std::string next;
};

Error not_understood() {
  return {ErrorKind::kInternal, "cli.answer", "The server's answer was not understood.", "Is SLUICE_URL a Sluice server?",
          {}};
}

Result<Page> get_page(const ApiClient& client, const std::string& path) {
  SLUICE_TRY(const Json answer, client.call(http::Method::kGet, path));
  const auto records = answer.find("records");
  if (records == answer.end() || !records->is_array()) return not_understood();
  Page page;
  for (const Json& record : *records) {
    SLUICE_TRY(auto read, audit::interface::read_json(record.dump()));
    page.records.push_back(std::move(read));
  }
  const auto next = answer.find("next");
  if (next != answer.end() && next->is_string()) page.next = next->get<std::string>();
  return page;
}

std::string line_of(const audit::domain::Record& record) {
  std::string line = fmt::format("{}  {}#{}  {:<8}{:<16} {} {}  by {}", format_rfc3339(record.at), record.environment,
                                 record.seq, record.outcome, record.action, record.target, printable(record.name),
                                 printable(record.actor.id));
  if (!record.change_id.empty()) line += "  " + printable(record.change_id);
  if (!record.detail.empty()) line += "  " + printable(record.detail);
  return line + "\n";
}

// What was not done as it was asked for is pointed at; the rest is listed.
void add_to(governance::interface::Report& report, const audit::domain::Record& record) {
  const std::string name = fmt::format("{} {}#{}", format_rfc3339(record.at), record.environment, record.seq);
  const std::string what = fmt::format("{} {} by {}", record.target, record.name, record.actor.id);
  report.items.push_back({name, record.action, {}, record.change_id.empty() ? what : what + ", change " + record.change_id});
  if (record.outcome == "done") return;
  report.findings.push_back({.level = governance::interface::Level::kWarning,
                             .rule = "audit." + record.outcome,
                             .name = name,
                             .message = fmt::format("{}: {}: {}", record.action, what, record.detail)});
}

Status each_of_list(const ApiClient& client, const Options& options,
                    const std::function<void(const audit::domain::Record&)>& visit) {
  std::string after;
  for (int left = options.limit; left > 0;) {
    SLUICE_TRY(const Page page, get_page(client, path_of(options, "newest", std::min(left, kExportPage), after)));
    for (const auto& record : page.records) visit(record);
    left -= static_cast<int>(page.records.size());
    after = page.next;
    if (after.empty()) break;
  }
  return {};
}

std::string json_of(const audit::domain::Record& record) {
  std::string text;
  audit::interface::append_json(text, record);
  return text;
}

Status write_lines(const ApiClient& client, const Options& options, std::ostream& out) {
  return each_of_list(client, options, [&](const audit::domain::Record& record) {
    out << (options.format == "text" ? line_of(record) : json_of(record) + "\n");
  });
}

Status write_report(const Io& io, const ApiClient& client, const Options& options) {
  governance::interface::Report report;
  report.kind = "audit";
  report.title = "Audit records";
  Json document{{"records", Json::array()}};
  SLUICE_CHECK(each_of_list(client, options, [&](const audit::domain::Record& record) {
    add_to(report, record);
    if (options.format == "json") document["records"].push_back(Json::parse(json_of(record)));  // our own text
  }));
  report.summary = fmt::format("{}, {} of them not done.",
                               governance::interface::counted(std::ssize(report.items), "record"), report.findings.size());
  io.out << rendered(io, options.format, std::move(report), document);
  return {};
}

// Page by page, so that a trail of any length fits.
Status write_export(const ApiClient& client, const Options& options, std::ostream& out) {
  const bool csv = options.format == "csv";
  if (csv) out << audit::interface::csv_header();
  std::string after;
  do {
    SLUICE_TRY(const Page page, get_page(client, path_of(options, "chain", kExportPage, after)));
    std::string text;
    for (const auto& record : page.records) {
      if (csv) {
        audit::interface::append_csv(text, record);
      } else {
        audit::interface::append_json(text, record);
        text.push_back('\n');
      }
    }
    out << text;
    after = page.next;
  } while (!after.empty() && out.good());
  return {};
}

int list(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  const bool as_lines = options.format == "text" || options.format == "jsonl";
  const auto done = as_lines ? write_lines(*client, options, io.out) : write_report(io, *client, options);
  return done ? static_cast<int>(kOk) : fail(io, done.error());
}

int export_all(Io& io, const Options& options) {
  const auto client = connect(io, options.connection);
  if (!client) return fail(io, client.error());
  std::ofstream file;
  if (options.file != "-") file.open(options.file, std::ios::binary | std::ios::trunc);
  std::ostream& out = options.file == "-" ? io.out : file;
  const auto done = write_export(*client, options, out);
  if (!done) return fail(io, done.error());
  out.flush();
  if (out) return kOk;
  return fail(io, {ErrorKind::kUnavailable, "cli.file", fmt::format("'{}' could not be written.", options.file),
                   "Check the folder and the free space.", {}});
}

void add_filters(CLI::App& command, Options& options) {
  constexpr std::pair<const char*, const char*> kFlags[] = {
      {"--env", "Only of this environment; - for what concerns none"},
      {"--target", "Only about this kind of thing: topic, change, policy, token, login, …"},
      {"--name", "Only about the one of this name"},
      {"--action", "Only of this action: topic.create, change.approve, …"},
      {"--actor", "Only by this principal"},
      {"--change", "Only of this change"},
      {"--outcome", "done, refused, failed or unknown"},
      {"--from", "Not before this time: 2026-11-21T09:00:00Z"},
      {"--to", "Before this time"}};
  for (std::size_t i = 0; i < std::size(kFlags); ++i) {
    command.add_option(kFlags[i].first, options.filter[i].second, kFlags[i].second);
  }
  add_connection_options(command, options.connection);
}

void add_list(CLI::App& group, const Program& program) {
  CLI::App* command = group.add_subcommand("list", "The newest audit records that you may see");
  command->footer(
      "Reads SLUICE_URL and SLUICE_TOKEN.\n\n"
      "Examples:\n"
      "  sluice audit list --name prod.orders.created --from 2026-11-01T00:00:00Z\n"
      "  sluice audit list --change OPS-7 --format markdown > comment.md");
  auto options = std::make_shared<Options>();
  options->format = "text";
  add_filters(*command, *options);
  command->add_option("--limit", options->limit, "How many at most")->check(CLI::Range(1, 1'000'000))->capture_default_str();
  command->add_option("--format", options->format, "text, jsonl (one record a line), json, markdown, junit or sarif")
      ->check(CLI::IsMember({"text", "jsonl", "json", "markdown", "junit", "sarif"}))
      ->capture_default_str();
  command->callback([program, options] { program.exit_code = list(program.io, *options); });
}

void add_export(CLI::App& group, const Program& program) {
  CLI::App* command = group.add_subcommand("export", "All audit records that you may see, in the order of their chains");
  command->footer(
      "A whole environment as JSON Lines can be verified without the database.\n\n"
      "Examples:\n"
      "  sluice audit export --env prod --file prod.jsonl && sluice audit verify --file prod.jsonl\n"
      "  sluice audit export --format csv --from 2026-11-01T00:00:00Z > november.csv");
  auto options = std::make_shared<Options>();
  options->format = "jsonl";
  add_filters(*command, *options);
  command->add_option("--format", options->format, "jsonl or csv")
      ->check(CLI::IsMember({"jsonl", "csv"}))
      ->capture_default_str();
  command->add_option("--file", options->file, "Where to; - is standard output")->capture_default_str();
  command->callback([program, options] { program.exit_code = export_all(program.io, *options); });
}

}  // namespace

void add_audit(const Program& program) {
  CLI::App* group = program.app.add_subcommand("audit", "The audit trail: list, export, verify");
  group->footer("Example:\n  sluice audit list --change OPS-1234");
  group->require_subcommand(1);
  add_list(*group, program);
  add_export(*group, program);
  add_audit_verify(*group, program);
}

}  // namespace sluice::cli
