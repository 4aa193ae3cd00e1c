// Configs: describe those of topics and brokers, change those of topics key by key.
#include <algorithm>

#include "platform/kafka/admin.h"
#include "platform/kafka/detail/admin_impl.h"

namespace sluice::kafka {

using detail::Api;
using detail::Array;
using detail::ItemCall;
using detail::ItemCost;

namespace {

using Items = std::span<const std::size_t>;
using Resources = Array<const rd_kafka_ConfigResource_t*>;

ConfigSource to_source(rd_kafka_ConfigSource_t source) {
  switch (source) {
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG: return ConfigSource::kTopic;
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG: return ConfigSource::kBrokerDynamic;
    case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER_CONFIG: return ConfigSource::kClusterDynamic;
    case RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG: return ConfigSource::kBrokerStatic;
    case RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG: return ConfigSource::kDefault;
    default: return ConfigSource::kUnknown;
  }
}

std::optional<std::string> value_of(const rd_kafka_ConfigEntry_t& entry) {
  const char* value = rd_kafka_ConfigEntry_value(&entry);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

ConfigEntry to_entry(const rd_kafka_ConfigEntry_t& described) {
  ConfigEntry entry;
  entry.name = rd_kafka_ConfigEntry_name(&described);
  entry.value = value_of(described);
  entry.source = to_source(rd_kafka_ConfigEntry_source(&described));
  entry.sensitive = rd_kafka_ConfigEntry_is_sensitive(&described) == 1;
  entry.read_only = rd_kafka_ConfigEntry_is_read_only(&described) == 1;
  Array<const rd_kafka_ConfigEntry_t*> synonyms;
  synonyms.items = rd_kafka_ConfigEntry_synonyms(&described, &synonyms.count);
  for (const auto* synonym : synonyms) {
    entry.synonyms.push_back({rd_kafka_ConfigEntry_name(synonym), value_of(*synonym),
                              to_source(rd_kafka_ConfigEntry_source(synonym))});
  }
  return entry;
}

Status to_status(const rd_kafka_ConfigResource_t& resource) {
  const auto code = rd_kafka_ConfigResource_error(&resource);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return detail::make_error(code, rd_kafka_ConfigResource_error_string(&resource));
}

Result<ConfigEntries> to_entries(const rd_kafka_ConfigResource_t& resource) {
  SLUICE_CHECK(to_status(resource));
  Array<const rd_kafka_ConfigEntry_t*> described;
  described.items = rd_kafka_ConfigResource_configs(&resource, &described.count);
  ConfigEntries entries;
  entries.reserve(described.count);
  for (const auto* entry : described) entries.push_back(to_entry(*entry));
  std::ranges::sort(entries, {}, &ConfigEntry::name);
  return entries;
}

detail::ConfigResourceHandle resource_of(rd_kafka_ResourceType_t type, const std::string& name) {
  return detail::ConfigResourceHandle(rd_kafka_ConfigResource_new(type, name.c_str()));
}

constexpr Api kDescribe{"DescribeConfigs", RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS};

// Asks for `resources` and hands each one that came back to `take`.
template <typename Take>
Status describe(Admin::Impl& impl, const std::vector<detail::ConfigResourceHandle>& resources,
                Deadline deadline, Take take) {
  auto bare = detail::pointers(resources);
  SLUICE_TRY(const auto event,
             impl.request(kDescribe, {deadline}, [&](const auto* options, auto* queue) {
               rd_kafka_DescribeConfigs(impl.rk(), bare.data(), bare.size(), options, queue);
             }));
  Resources described;
  described.items = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.get()), &described.count);
  for (const auto* resource : described) {
    if (resource != nullptr) take(*resource);
  }
  return {};
}

Status add_operation(rd_kafka_ConfigResource_t* resource, const std::string& name,
                     rd_kafka_AlterConfigOpType_t operation, const char* value) {
  const detail::ErrorHandle error(
      rd_kafka_ConfigResource_add_incremental_config(resource, name.c_str(), operation, value));
  if (error) return detail::make_error(*error);
  return {};
}

// Of a topic's change or a broker's.
template <typename Change>
Result<detail::ConfigResourceHandle> to_alteration(rd_kafka_ResourceType_t type, const std::string& of,
                                                   const Change& change) {
  auto resource = resource_of(type, of);
  for (const auto& [name, value] : change.set) {
    SLUICE_CHECK(add_operation(resource.get(), name, RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, value.c_str()));
  }
  for (const auto& name : change.unset) {
    const bool twice = change.set.contains(name) || std::ranges::count(change.unset, name) > 1;
    if (twice) return detail::errors::invalid_argument("\"" + name + "\" comes twice in one change");
    SLUICE_CHECK(add_operation(resource.get(), name, RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE, nullptr));
  }
  return resource;
}

constexpr Api kAlter{"IncrementalAlterConfigs", RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS};

// Sends `alterations` and hands each one that was answered to `take`.
template <typename Take>
Status alter(Admin::Impl& impl, const std::vector<detail::ConfigResourceHandle>& alterations,
             const detail::RequestOptions& asked, Take take) {
  auto bare = detail::pointers(alterations);
  SLUICE_TRY(const auto event, impl.request(kAlter, asked, [&](const auto* options, auto* queue) {
               rd_kafka_IncrementalAlterConfigs(impl.rk(), bare.data(), bare.size(), options, queue);
             }));
  Resources altered;
  altered.items = rd_kafka_IncrementalAlterConfigs_result_resources(
      rd_kafka_event_IncrementalAlterConfigs_result(event.get()), &altered.count);
  for (const auto* resource : altered) {
    if (resource != nullptr) take(*resource);
  }
  return {};
}

}  // namespace

ItemResults<ConfigEntries> Admin::describe_topic_configs(std::span<const std::string> names,
                                                         Deadline deadline) {
  const auto ask = [&](Items items, ItemCall<ConfigEntries>& call) -> Status {
    std::vector<detail::ConfigResourceHandle> resources;
    for (const auto item : items) {
      resources.push_back(resource_of(RD_KAFKA_RESOURCE_TOPIC, call.name(item)));
    }
    return describe(*impl_, resources, deadline, [&](const auto& resource) {
      call.answer(rd_kafka_ConfigResource_name(&resource), to_entries(resource));
    });
  };
  return impl_->in_batches<ConfigEntries>(
      {kDescribe.name, {names.begin(), names.end()}}, {}, [](std::size_t) { return ItemCost{}; },
      deadline, ask);
}

Result<ConfigEntries> Admin::describe_broker_configs(std::int32_t broker_id, Deadline deadline) {
  const std::string id = std::to_string(broker_id);
  std::vector<detail::ConfigResourceHandle> resources;
  resources.push_back(resource_of(RD_KAFKA_RESOURCE_BROKER, id));
  Result<ConfigEntries> entries = detail::errors::no_answer(kDescribe.name, id);
  const auto asked = describe(*impl_, resources, deadline,
                              [&](const auto& resource) { entries = to_entries(resource); });
  if (!asked) entries = asked.error();
  if (!entries) impl_->client->context().count_error(kDescribe.name, entries.error());
  return entries;
}

ItemResults<void> Admin::incremental_alter_configs(std::span<const ConfigChange> changes,
                                                   ValidateOnly validate_only, Deadline deadline) {
  const auto ask = [&](Items items, ItemCall<void>& call) -> Status {
    std::vector<detail::ConfigResourceHandle> resources;
    for (const auto item : items) {
      auto resource = to_alteration(RD_KAFKA_RESOURCE_TOPIC, changes[item].topic, changes[item]);
      if (resource) {
        resources.push_back(std::move(*resource));
      } else {
        call.answer(item, resource.error());
      }
    }
    if (resources.empty()) return {};
    return alter(*impl_, resources, {deadline, validate_only}, [&](const auto& resource) {
      call.answer(rd_kafka_ConfigResource_name(&resource), to_status(resource));
    });
  };
  std::vector<std::string> names;
  for (const auto& change : changes) names.push_back(change.topic);
  const auto cost = [&](std::size_t item) {
    return ItemCost{0, changes[item].set.size() + changes[item].unset.size()};
  };
  return impl_->in_batches<void>({kAlter.name, std::move(names)}, {}, cost, deadline, ask);
}

Status Admin::incremental_alter_broker_configs(const BrokerConfigChange& change, Deadline deadline) {
  const std::string id = std::to_string(change.broker_id);
  std::vector<detail::ConfigResourceHandle> resources;
  SLUICE_TRY(auto resource, to_alteration(RD_KAFKA_RESOURCE_BROKER, id, change));
  resources.push_back(std::move(resource));
  Status answered = detail::errors::no_answer(kAlter.name, id);
  const auto asked = alter(*impl_, resources, {deadline}, [&](const auto& of) { answered = to_status(of); });
  if (!asked) answered = asked.error();
  if (!answered) impl_->client->context().count_error(kAlter.name, answered.error());
  return answered;
}

}  // namespace sluice::kafka
