// Jira's REST API, version 2 (Server, Data Center) or 3 (Cloud): a comment on the change's issue, or a
// transition of it. A transition that has been made already counts as made.
#pragma once

#include <map>
#include <string>

#include "notify/domain/repository/sender.h"
#include "notify/infrastructure/target_client.h"

namespace sluice::notify::infrastructure {

enum class JiraApi : std::uint8_t { kV2, kV3 };

struct JiraOptions {
  JiraApi api = JiraApi::kV3;
  std::string user;   // empty: `token` is a bearer token; otherwise user and token are Basic
  std::string token;
  std::map<std::string, std::string> transitions;  // event → the name of a transition or of a status
  std::string link_url;
};

class JiraSender final : public domain::Sender {
 public:
  JiraSender(Destination destination, Reach reach, JiraOptions options);
  domain::SendOutcome send(const domain::Delivery& delivery) override;

 private:
  domain::SendOutcome comment(const domain::Message& message);
  domain::SendOutcome transition(const std::string& issue, const std::string& name);
  domain::SendOutcome already_there(const std::string& issue, const std::string& name);
  Result<http::ClientResponse> call(http::Method method, const std::string& path, std::string body = "");

  TargetClient client_;
  const JiraOptions options_;
  const std::string base_;  // path of the API
  http::Headers headers_;
};

}  // namespace sluice::notify::infrastructure
