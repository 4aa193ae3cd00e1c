#include "governance/domain/change/approval_claims.h"

#include "platform/core/canonical_json.h"

namespace sluice::governance::domain {
namespace {

constexpr int kFormat = 1;

Json actor_to_json(const Actor& actor) {
  return {{"id", actor.id}, {"owner", actor.owner}, {"issuer", actor.issuer}, {"tokenId", actor.token_id}};
}

// Members that are not there, or not of their type, leave `whole` false.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  std::string text(const char* name) {
    const Json* member = find(name);
    const bool right = member != nullptr && member->is_string();
    whole_ = whole_ && right;
    return right ? member->get<std::string>() : std::string();
  }
  std::int64_t integer(const char* name) {
    const Json* member = find(name);
    const bool right = member != nullptr && member->is_number_integer();
    whole_ = whole_ && right;
    return right ? member->get<std::int64_t>() : 0;
  }
  TimePoint time(const char* name) { return TimePoint{std::chrono::milliseconds{integer(name)}}; }
  Actor actor(const char* name) {
    const Json* member = find(name);
    return member == nullptr ? Actor{} : actor_of(*member);
  }
  std::vector<Actor> actors(const char* name) {
    std::vector<Actor> actors;
    const Json* member = find(name);
    if (member == nullptr) return actors;
    for (const Json& actor : *member) actors.push_back(actor_of(actor));
    return actors;
  }
  [[nodiscard]] bool whole() const { return whole_; }

 private:
  const Json* find(const char* name) {
    const auto found = json_.is_object() ? json_.find(name) : json_.end();
    whole_ = whole_ && found != json_.end();
    return found == json_.end() ? nullptr : &*found;
  }
  Actor actor_of(const Json& json) {
    Reader reader(json);
    Actor actor{reader.text("id"), reader.text("owner"), reader.text("issuer"), reader.text("tokenId")};
    whole_ = whole_ && reader.whole();
    return actor;
  }

  const Json& json_;
  bool whole_ = true;
};

}  // namespace

std::string write_claims(const ApprovalClaims& claims) {
  Json approvers = Json::array();
  for (const Actor& approver : claims.approvers) approvers.push_back(actor_to_json(approver));
  return canonical_json({{"v", kFormat},
                         {"jti", claims.id},
                         {"changeId", claims.change_id.str()},
                         {"kind", claims.kind},
                         {"revision", claims.revision},
                         {"digest", claims.digest},
                         {"batchDigest", claims.batch_digest},
                         {"policyVersion", claims.policy_version},
                         {"policyDigest", claims.policy_digest},
                         {"liveFingerprint", claims.live_fingerprint},
                         {"clusterId", claims.cluster_id},
                         {"environment", claims.environment.str()},
                         {"requester", actor_to_json(claims.requester)},
                         {"approvers", std::move(approvers)},
                         {"issuedAt", claims.issued_at.time_since_epoch().count()},
                         {"expiresAt", claims.expires_at.time_since_epoch().count()},
                         {"remaining", claims.remaining}});
}

// Written again it has to be the same text: so there is one text for one meaning, and no member that
// is not read.
std::optional<ApprovalClaims> read_claims(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  Reader reader(json);
  ApprovalClaims claims;
  claims.id = reader.text("jti");
  claims.change_id = ChangeId{reader.text("changeId")};
  claims.kind = reader.text("kind");
  claims.revision = reader.integer("revision");
  claims.digest = reader.text("digest");
  claims.batch_digest = reader.text("batchDigest");
  claims.policy_version = reader.text("policyVersion");
  claims.policy_digest = reader.text("policyDigest");
  claims.live_fingerprint = reader.text("liveFingerprint");
  claims.cluster_id = reader.text("clusterId");
  claims.environment = EnvironmentName{reader.text("environment")};
  claims.requester = reader.actor("requester");
  claims.approvers = reader.actors("approvers");
  claims.issued_at = reader.time("issuedAt");
  claims.expires_at = reader.time("expiresAt");
  claims.remaining = reader.integer("remaining");
  if (!reader.whole() || write_claims(claims) != text) return std::nullopt;
  return claims;
}

}  // namespace sluice::governance::domain
