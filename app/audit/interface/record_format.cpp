#include "audit/interface/record_format.h"

#include <fmt/format.h>

#include "platform/core/canonical_json.h"
#include "platform/text/json.h"

namespace sluice::audit::interface {
namespace {

constexpr text::Limits kLineLimits{.bytes = 2 * 1024 * 1024};
constexpr std::size_t kMembers = 15;
constexpr std::size_t kActorMembers = 4;

// A formula to some spreadsheet, as OWASP lists them.
bool looks_like_formula(std::string_view cell) {
  constexpr std::string_view kStarts = "=+-@\t\r";
  return !cell.empty() && kStarts.find(cell.front()) != std::string_view::npos;
}

void append_cell(std::string& out, std::string_view cell) {
  const bool defuse = looks_like_formula(cell);
  const bool quote = defuse || cell.find_first_of(",\"\r\n") != std::string_view::npos;
  if (quote) out.push_back('"');
  if (defuse) out.push_back('\'');
  for (const char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  if (quote) out.push_back('"');
}

// Takes members out of one object, remembering whether each was there.
class Members {
 public:
  Members(const text::Node* object, std::size_t expected)
      : object_(object), sound_(object != nullptr && object->kind == text::Node::Kind::kMap &&
                                object->entries.size() == expected) {}

  std::string text(std::string_view name) {
    const text::Node* member = find(name);
    if (member == nullptr || member->kind != text::Node::Kind::kString) return fail();
    return member->spelling;
  }
  std::int64_t integer(std::string_view name) {
    const text::Node* member = find(name);
    if (member != nullptr && member->kind == text::Node::Kind::kInteger) return member->integer;
    fail();
    return 0;
  }
  std::string value(std::string_view name) {
    const text::Node* member = find(name);
    return member == nullptr ? fail() : canonical_json(text::to_json(*member));
  }
  const text::Node* find(std::string_view name) { return sound_ ? object_->find(name) : nullptr; }
  [[nodiscard]] bool sound() const { return sound_; }

 private:
  std::string fail() {
    sound_ = false;
    return {};
  }
  const text::Node* object_;
  bool sound_;
};

Error not_a_record() {
  return {ErrorKind::kInvalid, "audit.record", "This is not an audit record as Sluice exports it.",
          "Verify a whole export in the JSON Lines format.", {}};
}

}  // namespace

void append_json(std::string& out, const domain::Record& record) {
  domain::append_canonical(out, record);
  out.pop_back();
  out += R"(,"hash":)";
  append_canonical_string(out, record.hash);
  out.push_back('}');
}

Result<domain::Record> read_json(std::string_view line) {
  SLUICE_TRY(const text::Node document, text::parse_json(line, kLineLimits));
  Members members(&document, kMembers);
  Members actor(members.find("actor"), kActorMembers);
  domain::Record record;
  record.environment = members.text("environment");
  record.seq = members.integer("seq");
  record.prev = members.text("prev");
  record.hash = members.text("hash");
  const std::string at = members.text("at");
  record.action = members.text("action");
  record.target = members.text("target");
  record.name = members.text("name");
  record.change_id = members.text("changeId");
  record.actor = {actor.text("id"), actor.text("owner"), actor.text("issuer"), actor.text("tokenId")};
  record.request_id = members.text("requestId");
  record.outcome = members.text("outcome");
  record.before = members.value("before");
  record.after = members.value("after");
  record.detail = members.text("detail");
  const auto time = parse_rfc3339(at);
  // Only the spelling that was hashed: others would give the same time.
  if (!members.sound() || !actor.sound() || !time || format_rfc3339(*time) != at) return not_a_record();
  record.at = *time;
  return record;
}

std::string_view csv_header() {
  return "environment,seq,at,action,target,name,changeId,outcome,actor,actorOwner,actorIssuer,tokenId,requestId,"
         "before,after,detail,prev,hash\r\n";
}

void append_csv(std::string& out, const domain::Record& record) {
  const std::string seq = fmt::format_int(record.seq).str();
  const std::string at = format_rfc3339(record.at);
  bool first = true;
  for (const std::string* cell :
       {&record.environment, &seq, &at, &record.action, &record.target, &record.name, &record.change_id,
        &record.outcome, &record.actor.id, &record.actor.owner, &record.actor.issuer, &record.actor.token_id,
        &record.request_id, &record.before, &record.after, &record.detail, &record.prev, &record.hash}) {
    if (!std::exchange(first, false)) out.push_back(',');
    append_cell(out, *cell);
  }
  out += "\r\n";
}

}  // namespace sluice::audit::interface
