// What can go wrong in governance's use cases, each told once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "governance/domain/topic/names.h"
#include "platform/core/error.h"

namespace sluice::governance::application::errors {

Error plan_not_found(const domain::ChangeId& change, std::optional<std::int64_t> revision);
Error topic_not_found(const domain::TopicName& name);
Error cluster_unsettled(const domain::TopicName& name);
Error existence_unknown(const domain::BrokerVerdict& verdict);
Error unknown_environment(const domain::EnvironmentName& name, const std::vector<std::string>& known);
Error environment_required();
Error wrong_cluster(const std::string& expected, const std::string& actual);

}  // namespace sluice::governance::application::errors
