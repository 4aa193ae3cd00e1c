// What a plan has to ask the broker, and how an answer shows that the plan was made from a stale
// read. Pure.
#pragma once

#include <utility>
#include <vector>

#include "governance/domain/plan/plan.h"
#include "governance/domain/repository/topic_cluster.h"

namespace sluice::governance::application {

// A create asks for the whole topic, an alter for what it changes, everything else whether the topic
// exists: reads lag writes, and only the controller knows. What a rule of ours already refuses (fewer partitions)
// or Kafka cannot judge (replication factor) is not asked.
domain::Probes broker_questions(const domain::Plan& plan);

// Kafka's reads lag its writes: the topics about whose existence the controller disagrees with the
// read that the plan was made from, with what the controller says.
std::vector<std::pair<domain::TopicName, bool>> disputed_existence(
    const domain::Plan& plan, const std::vector<domain::BrokerVerdict>& verdicts);

// Leaves what the broker said to the plan's own changes.
void drop_existence_checks(const domain::Plan& plan, std::vector<domain::BrokerVerdict>& verdicts);

}  // namespace sluice::governance::application
