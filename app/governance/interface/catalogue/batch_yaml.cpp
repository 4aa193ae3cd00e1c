#include "governance/interface/catalogue/batch_yaml.h"

#include <fmt/format.h>

#include "platform/core/json.h"
#include "platform/core/text.h"

namespace sluice::governance::interface {
namespace {

constexpr std::size_t kMaxConfigValue = 10'000;  // as topic_batch_reader's

// A JSON string is a YAML string, whatever is in it; a plain scalar might be read as something else.
std::string in_quotes(std::string_view text) { return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace); }

bool can_be_said(std::string_view value) {
  return !trim(value).empty() && value.size() <= kMaxConfigValue && is_valid_utf8(value);
}

void add_text(std::string& yaml, std::string_view name, const std::optional<std::string>& value) {
  if (value) yaml += fmt::format("      {}: {}\n", name, in_quotes(*value));
}

void add_metadata(std::string& yaml, const domain::TopicMetadata& metadata) {
  if (metadata == domain::TopicMetadata{}) return;
  yaml += "    metadata:\n";
  add_text(yaml, "owner", metadata.owner);
  add_text(yaml, "sla", metadata.sla);
  add_text(yaml, "doc", metadata.doc);
  if (!metadata.tags.empty()) yaml += fmt::format("      tags: {}\n", Json(metadata.tags).dump());
}

}  // namespace

std::string batch_head(std::string_view environment, std::string_view change_id) {
  return fmt::format("kind: TopicBatch\nenv: {}\nchangeId: {}\nitems:\n", in_quotes(environment), in_quotes(change_id));
}

std::string batch_item(const domain::TopicName& name, const domain::LiveTopic& topic,
                       const domain::TopicMetadata* metadata) {
  std::string yaml = fmt::format("  - name: {}\n    config:\n      partitions: {}\n      replicationFactor: {}\n",
                                 in_quotes(name.view()), topic.partitions, topic.replication_factor);
  for (const auto& [key, config] : topic.configs) {
    if (config.source != domain::ValueSource::kTopic) continue;
    if (can_be_said(config.value)) {
      yaml += fmt::format("      {}: {}\n", key, in_quotes(config.value));
    } else {
      yaml += fmt::format("      # {} has a value of the topic's own that no batch can say\n", key);
    }
  }
  if (metadata) add_metadata(yaml, *metadata);
  return yaml;
}

}  // namespace sluice::governance::interface
