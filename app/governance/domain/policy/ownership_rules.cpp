#include "governance/domain/policy/ownership_rules.h"

#include <algorithm>

#include <fmt/format.h>

#include "governance/domain/policy/rule_ids.h"
#include "platform/core/text.h"

namespace sluice::governance::domain {
namespace {

bool is_given(const TopicMetadata& metadata, MetadataField field) {
  switch (field) {
    case MetadataField::kOwner: return metadata.owner.has_value();
    case MetadataField::kDoc: return metadata.doc.has_value();
    case MetadataField::kSla: return metadata.sla.has_value();
    case MetadataField::kTags: return !metadata.tags.empty();
  }
  return false;
}

Finding not_known(std::string message) {
  Finding finding{"action", std::move(message), "Plan again when the cluster answers."};
  finding.unjudged = true;
  return finding;
}

}  // namespace

std::string_view to_string(MetadataField field) {
  switch (field) {
    case MetadataField::kOwner: return "owner";
    case MetadataField::kDoc: return "doc";
    case MetadataField::kSla: return "sla";
    case MetadataField::kTags: return "tags";
  }
  return "";
}

Rule required_metadata(RuleHeader header, std::vector<MetadataField> fields) {
  auto rule = make_rule(kMetadataRequired, std::move(header), RuleSubject::kState, {},
                        [fields = std::move(fields)](const TopicChange& change) -> std::optional<Finding> {
                          const auto missing = std::find_if(fields.begin(), fields.end(), [&](MetadataField field) {
                            return !is_given(change.metadata(), field);
                          });
                          if (missing == fields.end()) return std::nullopt;
                          const auto name = to_string(*missing);
                          return Finding{fmt::format("metadata.{}", name),
                                         fmt::format("metadata.{} is missing in {}", name, change.env().str()),
                                         fmt::format("Add metadata.{} to the topic.", name)};
                        });
  rule.reads_record = true;
  return rule;
}

Rule protected_names(RuleHeader header, std::vector<std::string> globs) {
  return make_rule(kDeleteProtected, std::move(header), RuleSubject::kDelete, {},
                   [globs = std::move(globs)](const TopicChange& change) -> std::optional<Finding> {
                     if (!matches_any_glob(globs, change.name().view())) return std::nullopt;
                     return Finding{"action", fmt::format("'{}' is protected from deletes", change.name().str()),
                                    "Leave it, or have an exemption made for it."};
                   });
}

Rule protect_data(RuleHeader header) {
  auto rule = make_rule(
      kDeleteHasData, std::move(header), RuleSubject::kDelete, {},
      [](const TopicChange& change) -> std::optional<Finding> {
        const auto records = change.records();
        if (!records) {
          return not_known("whether the topic holds records is not known");
        }
        if (*records == 0) return std::nullopt;
        return Finding{"action", "the topic still holds records: a delete loses them",
                       "Let them expire or empty the topic first, or have an exemption made for it."};
      });
  rule.needs_records_on_delete = true;
  return rule;
}

Rule protect_consumers(RuleHeader header) {
  auto rule = make_rule(
      kDeleteHasConsumers, std::move(header), RuleSubject::kDelete, {},
      [](const TopicChange& change) -> std::optional<Finding> {
        const auto consumers = change.consumers();
        if (!consumers) {
          return not_known("whether anybody reads the topic is not known");
        }
        if (*consumers == 0) return std::nullopt;
        return Finding{"action",
                       fmt::format("the topic is being read; consumer groups: {}", join(change.group_ids(), ", ")),
                       "Stop its consumers first."};
      });
  rule.needs_groups_on_delete = true;
  return rule;
}

}  // namespace sluice::governance::domain
