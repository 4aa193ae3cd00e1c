#include "governance/infrastructure/catalogue/declaration_json.h"

#include <limits>

#include "governance/application/plan_json.h"
#include "platform/core/canonical_json.h"
#include "platform/text/json.h"
#include "platform/text/map_reader.h"

namespace sluice::governance::infrastructure {
namespace {

constexpr text::IntegerRule kCount{.min = 1, .max = std::numeric_limits<std::int32_t>::max()};

std::optional<std::int32_t> count_of(text::MapReader& reader, std::string_view name) {
  const auto value = reader.integer(name, kCount);
  return value ? std::optional(static_cast<std::int32_t>(*value)) : std::nullopt;
}

void read_fields(text::MapReader& reader, domain::IntendedState& fields) {
  fields.partitions = count_of(reader, "partitions");
  fields.replication_factor = count_of(reader, "replicationFactor");
  reader.map("configs", {}, [&](const std::string& key, const text::Node& value, const std::string&) {
    if (value.kind == text::Node::Kind::kNull) {
      fields.unset.push_back(key);
    } else {
      fields.set.emplace(key, value.spelling);
    }
  });
}

void read_metadata(const text::Node& node, std::vector<Problem>& problems, domain::TopicMetadata& metadata) {
  text::MapReader reader(node, "metadata", problems);
  metadata.owner = reader.string("owner");
  metadata.sla = reader.string("sla");
  metadata.doc = reader.string("doc");
  metadata.tags = reader.strings("tags", {});
  reader.finish();
}

}  // namespace

std::string write_declaration(const domain::IntendedState& fields, const domain::TopicMetadata& metadata) {
  Json json = application::state_to_json(fields);
  if (Json said = application::metadata_to_json(metadata); !said.empty()) json["metadata"] = std::move(said);
  return canonical_json(json);
}

Status read_declaration(std::string_view stored, domain::IntendedState& fields, domain::TopicMetadata& metadata) {
  SLUICE_TRY(const text::Node document, text::parse_json(stored));
  std::vector<Problem> problems;
  text::MapReader reader(document, "", problems);
  read_fields(reader, fields);
  if (const text::Node* said = reader.find("metadata")) read_metadata(*said, problems, metadata);
  reader.finish();
  if (problems.empty()) return {};
  return Error{ErrorKind::kInternal, "catalogue.corrupt", "A stored declaration is not what was written.",
               "Restore the table governance_declarations from a backup.", std::move(problems)};
}

}  // namespace sluice::governance::infrastructure
