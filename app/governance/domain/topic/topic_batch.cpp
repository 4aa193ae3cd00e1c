#include "governance/domain/topic/topic_batch.h"

#include <algorithm>

namespace sluice::governance::domain {

std::string issue_of(const TopicBatch& batch) {
  const auto named = std::find_if(batch.items.begin(), batch.items.end(),
                                  [](const TopicItem& item) { return !item.issue.empty(); });
  return named == batch.items.end() ? std::string() : named->issue;
}

}  // namespace sluice::governance::domain
