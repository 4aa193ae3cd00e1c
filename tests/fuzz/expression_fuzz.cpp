// The policies' expressions: any bytes give an expression or one readable problem; what compiled can be
// evaluated over any topic, and says the same twice.
#include <cstddef>
#include <cstdint>

#include "fuzz/fuzz_target.h"
#include "governance/domain/plan/planner.h"
#include "governance/domain/policy/expression/expression.h"
#include "governance/infrastructure/name_pattern.h"

namespace {

using namespace sluice;
using namespace sluice::governance;

struct World {
  domain::TopicBatch batch{domain::EnvironmentName("prod"), domain::ChangeId("fuzz"), {}};
  domain::ClusterState state;
  domain::Plan plan;

  World() {
    domain::TopicItem item;
    item.name = domain::TopicName("prod.orders");
    item.partitions = 12;
    item.configs = {{"retention.ms", "7d"}, {"cleanup.policy", "compact,delete"}, {"max.message.bytes", "no number"}};
    item.metadata.tags = {"keyed"};
    state.topics.emplace(item.name, domain::LiveTopic{"id", 8, 3, false, {}});
    batch.items.push_back(std::move(item));
    plan = domain::make_plan(batch, state, domain::PolicySet{}, TimePoint{});
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<domain::EnvironmentName> kEnvironments{domain::EnvironmentName("dev"),
                                                                  domain::EnvironmentName("prod")};
  static const World kWorld;
  const domain::expression::Vocabulary vocabulary{infrastructure::compile_name_pattern, kEnvironments};
  const auto expression = domain::expression::Expression::compile(fuzz::as_text(data, size), vocabulary);
  if (!expression) {
    fuzz::expect_readable(expression.error());
    return 0;
  }
  const domain::TopicChange change(kWorld.batch, kWorld.batch.items[0], kWorld.plan.items[0], kWorld.state);
  const auto once = expression->evaluate(change);
  const auto again = expression->evaluate(change);
  SLUICE_ASSERT(once.truth == again.truth);
  SLUICE_ASSERT((once.truth == domain::expression::Truth::kUndefined) == !once.undefined.empty());
  return 0;
}
