#include "sluice/token_store.h"

#include <fmt/format.h>

#include "audit/infrastructure/sql_audit_trail.h"
#include "platform/auth/sql_token_repository.h"
#include "sluice/metadata_store.h"
#include "sluice/token_audit.h"

namespace sluice::cli {
namespace {

constexpr std::chrono::seconds kDeadline{15};
constexpr int kPage = 500;
// Whoever holds the database's password: nobody that a token names.
const Actor kOperator{"system:operator", "system:operator", "", ""};

class ServerTokens final : public TokenStore {
 public:
  explicit ServerTokens(ApiClient client) : client_(std::move(client)) {}

  Result<auth::IssuedToken> issue(auth::IssueRequest request) override {
    SLUICE_TRY(const Json answer, client_.call(http::Method::kPost, "/v1/tokens", to_json(request).dump(),
                                               "application/json"));
    return read_issued_token(answer);
  }

  Result<TokenPage> list(std::string_view after) override {
    const std::string from = after.empty() ? "" : fmt::format("&after={}", after);
    SLUICE_TRY(const Json answer,
               client_.call(http::Method::kGet, fmt::format("/v1/tokens?limit={}{}", kPage, from)));
    return read_token_page(answer);
  }

  Status revoke(std::string_view id) override {
    SLUICE_CHECK(client_.call(http::Method::kDelete, fmt::format("/v1/tokens/{}", id)));
    return {};
  }

 private:
  const ApiClient client_;
};

class DatabaseTokens final : public TokenStore {
 public:
  static Result<std::unique_ptr<TokenStore>> open(const config::Database& config) {
    auto tokens = std::make_unique<DatabaseTokens>();
    SLUICE_TRY(tokens->store_, MetadataStore::open(config, tokens->clock_));
    SLUICE_CHECK(tokens->store_->prepare(Deadline::after(kDeadline)));
    tokens->repository_.emplace(tokens->store_->database());
    tokens->service_.emplace(*tokens->repository_, tokens->clock_);
    tokens->trail_.emplace(tokens->store_->database(), tokens->clock_);
    return std::unique_ptr<TokenStore>(std::move(tokens));
  }

  Result<auth::IssuedToken> issue(auth::IssueRequest request) override {
    if (request.owner.empty()) request.owner = request.name;
    const auto record = [this](sql::Session& session, const auth::ServiceToken& token) {
      const auto entry = token_issued(token, kOperator, "");
      return trail_->append(session, {&entry, 1});
    };
    return service_->issue(request, Deadline::after(kDeadline), record);
  }

  Result<TokenPage> list(std::string_view after) override {
    return list_page(*service_, after, kPage, Deadline::after(kDeadline));
  }

  Status revoke(std::string_view id) override {
    const Deadline deadline = Deadline::after(kDeadline);
    SLUICE_TRY(const auth::ServiceToken token, service_->find(id, deadline));
    const auto entry = token_revoked(token, kOperator, "");
    return service_->revoke(id, deadline, [&](sql::Session& session) { return trail_->append(session, {&entry, 1}); });
  }

 private:
  const SystemClock clock_;
  std::unique_ptr<MetadataStore> store_;
  std::optional<auth::SqlTokenRepository> repository_;
  std::optional<auth::TokenService> service_;
  std::optional<audit::infrastructure::SqlAuditTrail> trail_;
};

Error owned_by_server(const Error& locked) {
  return {locked.kind, locked.code, locked.message,
          "A server owns the file: leave out --config and set SLUICE_URL and SLUICE_TOKEN (an admin's) to go "
          "through it.",
          {}};
}

}  // namespace

Result<std::unique_ptr<TokenStore>> tokens_of_server(const Io& io) {
  SLUICE_TRY(ApiClient client, ApiClient::from_environment(io, kDeadline));
  return std::unique_ptr<TokenStore>(std::make_unique<ServerTokens>(std::move(client)));
}

Result<std::unique_ptr<TokenStore>> tokens_of_database(const config::Config& config) {
  auto tokens = DatabaseTokens::open(config.database);
  if (tokens || tokens.error().code != "sqlite.locked") return tokens;
  return owned_by_server(tokens.error());
}

}  // namespace sluice::cli
