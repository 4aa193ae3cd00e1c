#include "sluice/token_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "platform/auth/grants.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice {
namespace {

constexpr std::array<std::string_view, 4> kRoles = {"viewer", "editor", "approver", "admin"};
constexpr std::size_t kMostNameBytes = 249;

// Names of environments and resources hold nothing else, and what looks alike must be alike.
bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

text::StringRule scope_rule(std::size_t max) {
  return {.max = max, .matches = is_visible_ascii, .expected = "of visible ASCII characters"};
}

// A scope that came out as null by mistake must not become "everywhere", nor an owner the caller.
void refuse_null(text::MapReader& reader, std::string_view name) {
  const text::Node* node = reader.find(name);
  if (node == nullptr || node->kind != text::Node::Kind::kNull) return;
  reader.add(*node, reader.path_of(name), "type", "must not be null", "leave it out");
}

bool is_lifetime(std::string_view text) { return parse_lifetime(text).has_value(); }

void read_grant(const text::Node& node, const std::string& path, std::vector<Problem>& problems,
                std::vector<auth::Grant>& grants) {
  text::MapReader reader(node, path, problems);
  const auto role = reader.required_choice("role", kRoles);
  const std::string environment = reader.string("environment", scope_rule(100)).value_or("*");
  refuse_null(reader, "environment");
  refuse_null(reader, "names");
  auto names = reader.strings("names", {.min = 1, .max = auth::kMaxGrants}, scope_rule(kMostNameBytes));
  if (names.empty()) names.emplace_back("*");  // absent; an empty list is a problem already
  reader.finish();
  if (!role) return;
  for (std::string& name : names) {
    grants.push_back({*auth::parse_role(kRoles.at(*role)), environment, std::move(name)});
  }
}

// One member of a server's answer. What is missing or not as agreed leaves `whole` false.
class AnswerReader {
 public:
  explicit AnswerReader(const Json& json) : json_(json) {}

  std::string text(const char* name) {
    const auto found = json_.find(name);
    whole_ = whole_ && found != json_.end() && found->is_string();
    return whole_ ? found->get<std::string>() : std::string();
  }
  TimePoint time(const char* name) {
    const auto parsed = parse_rfc3339(text(name));
    whole_ = whole_ && parsed.has_value();
    return parsed.value_or(TimePoint());
  }
  std::optional<TimePoint> optional_time(const char* name) {
    return json_.contains(name) ? std::optional(time(name)) : std::nullopt;
  }
  std::vector<auth::Grant> grants(const char* name) {
    const auto found = json_.find(name);
    const auto list = text::parse_json(found == json_.end() ? "" : found->dump());
    auto grants = list ? auth::read_grants(*list) : Result<std::vector<auth::Grant>>(list.error());
    whole_ = whole_ && grants.has_value();
    return grants ? std::move(*grants) : std::vector<auth::Grant>();
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  const Json& json_;
  bool whole_ = true;
};

Error not_understood() {
  return {ErrorKind::kInternal, "cli.answer", "The server's answer is not one about tokens.",
          "Is SLUICE_URL a Sluice server, and of this version?", {}};
}

Result<auth::ServiceToken> read_token(const Json& json) {
  if (!json.is_object()) return not_understood();
  AnswerReader reader(json);
  auth::ServiceToken token;
  token.id = reader.text("id");
  token.principal = reader.text("principal");
  token.owner = reader.text("owner");
  token.issuer = reader.text("issuer");
  token.grants = reader.grants("grants");
  token.created_at = reader.time("createdAt");
  token.expires_at = reader.time("expiresAt");
  token.revoked_at = reader.optional_time("revokedAt");
  token.last_used_at = reader.optional_time("lastUsedAt");
  if (!reader.whole()) return not_understood();
  return token;
}

}  // namespace

std::optional<std::chrono::seconds> parse_lifetime(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  constexpr std::int64_t kMost = 1'000'000'000;  // of the largest unit still far from overflow
  if (failure != std::errc{} || end + 1 != text.data() + text.size() || count < 1 || count > kMost) {
    return std::nullopt;
  }
  std::chrono::seconds unit{0};
  switch (*end) {
    case 's': unit = std::chrono::seconds{1}; break;
    case 'm': unit = std::chrono::minutes{1}; break;
    case 'h': unit = std::chrono::hours{1}; break;
    case 'd': unit = std::chrono::days{1}; break;
    default: return std::nullopt;
  }
  const auto lifetime = count * unit;
  return lifetime <= auth::kMaxServiceTokenLifetime ? std::optional(lifetime) : std::nullopt;
}

Result<auth::IssueRequest> read_issue_request(const text::Node& document) {
  std::vector<Problem> problems;
  text::MapReader reader(document, "", problems);
  auth::IssueRequest request;
  request.name = reader.required_string("name", {.max = 100});
  refuse_null(reader, "owner");
  request.owner = reader.string("owner", {.max = 256}).value_or("");
  (void)reader.required("grants");
  reader.list("grants", {.min = 1, .max = auth::kMaxGrants}, [&](const text::Node& node, const std::string& path) {
    read_grant(node, path, problems, request.grants);
  });
  const std::string ttl = reader.required_string(
      "ttl", {.max = 20, .matches = is_lifetime, .expected = "a number with s, m, h or d, at most 3650d"});
  request.lifetime = parse_lifetime(ttl).value_or(std::chrono::seconds{0});
  if (request.grants.size() > auth::kMaxGrants) {
    reader.add(document, "grants", "too-many", fmt::format("name more than {} patterns in all", auth::kMaxGrants));
  }
  reader.finish();
  if (problems.empty()) return request;
  return Error{ErrorKind::kInvalid, "auth.token-request", "No token can be issued for this request.", "",
               std::move(problems)};
}

Json to_json(const auth::IssueRequest& request) {
  Json json{{"name", request.name}};
  if (!request.owner.empty()) json["owner"] = request.owner;
  json["grants"] = auth::grants_to_json(request.grants);
  json["ttl"] = fmt::format("{}s", request.lifetime.count());
  return json;
}

Json to_json(const auth::ServiceToken& token) {
  Json json{{"id", token.id},
            {"principal", token.principal},
            {"owner", token.owner},
            {"issuer", token.issuer},
            {"grants", auth::grants_to_json(token.grants)},
            {"createdAt", format_rfc3339(token.created_at)},
            {"expiresAt", format_rfc3339(token.expires_at)}};
  if (token.revoked_at) json["revokedAt"] = format_rfc3339(*token.revoked_at);
  if (token.last_used_at) json["lastUsedAt"] = format_rfc3339(*token.last_used_at);
  return json;
}

Json to_json(const auth::IssuedToken& issued) {
  Json json{{"token", issued.token}};
  json.update(to_json(issued.record));
  return json;
}

Result<auth::IssuedToken> read_issued_token(const Json& answer) {
  SLUICE_TRY(auth::ServiceToken record, read_token(answer));
  AnswerReader reader(answer);
  auth::IssuedToken issued{reader.text("token"), std::move(record)};
  if (!reader.whole()) return not_understood();
  return issued;
}

// One more than asked for tells whether there is more.
Result<TokenPage> list_page(auth::TokenService& tokens, std::string_view after, int limit, Deadline deadline) {
  TokenPage page;
  SLUICE_TRY(page.tokens, tokens.list(after, limit + 1, deadline));
  if (page.tokens.size() <= static_cast<std::size_t>(limit)) return page;
  page.tokens.pop_back();
  page.next = page.tokens.back().id;
  return page;
}

Json to_json(const TokenPage& page) {
  Json tokens = Json::array();
  for (const auth::ServiceToken& token : page.tokens) tokens.push_back(to_json(token));
  Json json{{"tokens", std::move(tokens)}};
  if (!page.next.empty()) json["next"] = page.next;
  return json;
}

Result<TokenPage> read_token_page(const Json& answer) {
  const auto tokens = answer.find("tokens");
  if (tokens == answer.end() || !tokens->is_array()) return not_understood();
  TokenPage page;
  for (const Json& json : *tokens) {
    SLUICE_TRY(auth::ServiceToken token, read_token(json));
    page.tokens.push_back(std::move(token));
  }
  const auto next = answer.find("next");
  if (next == answer.end()) return page;
  if (!next->is_string()) return not_understood();
  page.next = next->get<std::string>();
  return page;
}

}  // namespace sluice
