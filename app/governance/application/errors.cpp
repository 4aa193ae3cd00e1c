#include "governance/application/errors.h"

#include <fmt/format.h>

namespace sluice::governance::application::errors {

Error plan_not_found(const domain::ChangeId& change, std::optional<std::int64_t> revision) {
  const std::string which = revision ? fmt::format("revision {} of change", *revision) : "change";
  return {ErrorKind::kNotFound, "plan.not-found",
          fmt::format("There is no plan of {} '{}'.", which, change.str()),
          "Plan it first: POST /v1/topics/batch/dry-run.", {}};
}

Error topic_not_found(const domain::TopicName& name) {
  return {ErrorKind::kNotFound, "topic.not-found",
          fmt::format("The cluster has no topic '{}'.", name.str()), "", {}};
}

Error cluster_unsettled(const domain::TopicName& name) {
  return {ErrorKind::kUnavailable, "cluster.unsettled",
          fmt::format("Topic '{}' is being created or deleted right now: brokers and controller disagree.",
                      name.str()),
          "Plan again in a few seconds.", {}};
}

Error existence_unknown(const domain::BrokerVerdict& verdict) {
  return {ErrorKind::kUnavailable, "cluster.existence-unknown",
          fmt::format("Whether topic '{}' exists the controller does not say: {} ({}).", verdict.name.str(),
                      verdict.words, verdict.code),
          "Give this server's Kafka user the right to create topics: it asks with validate_only.", {}};
}

Error unknown_environment(const domain::EnvironmentName& name, const std::vector<std::string>& known) {
  const std::string message = fmt::format("this server does not govern the environment '{}'", name.str());
  const std::string fix = fmt::format("send it to the server of '{}'; here: {}", name.str(), fmt::join(known, ", "));
  return {ErrorKind::kInvalid, "environment.unknown", message, fix, {{"env", "environment", message, fix, 0, 0}}};
}

Error environment_required() {
  const std::string message = "the name says no environment, and this server has several clusters";
  const std::string fix = "add ?env=<environment>";
  return {ErrorKind::kInvalid, "environment.required", message, fix, {{"env", "required", message, fix, 0, 0}}};
}

Error wrong_cluster(const std::string& expected, const std::string& actual) {
  return {ErrorKind::kConflict, "cluster.wrong-id",
          fmt::format("This environment is on the cluster '{}', but the brokers answered as '{}'.", expected, actual),
          "Set bootstrap.servers and the expected cluster id of that cluster right; nothing was changed.", {}};
}

}  // namespace sluice::governance::application::errors
