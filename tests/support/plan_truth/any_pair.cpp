#include "support/plan_truth/any_pair.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace sluice::test {
namespace {

namespace domain = governance::domain;

struct Values {
  const char* key;
  std::vector<const char*> stored;   // as another tool may have written them
  std::vector<const char*> asked;    // as people write them in a batch
};

const std::vector<Values>& sensible_values() {
  static const std::vector<Values> all{
      {"retention.ms", {"604800000", "60000", "-1", " 5 "}, {"7d", "604800000", "1h", "-1", "+60000", " 5 "}},
      {"retention.bytes", {"-1", "1048576", "-3"}, {"1MiB", "-1", "1048576", "0001"}},
      {"cleanup.policy", {"delete", "compact, delete", "delete,compact", "compact,compact"},
       {"delete", "compact,delete", "delete , compact", "delete,delete"}},
      {"segment.ms", {"604800000", "9000"}, {"7d", "9s", "9000", "2m"}},
      {"segment.bytes", {"1073741824", "1048576"}, {"1GiB", "1MiB", "2000000"}},
      {"max.message.bytes", {"1048588", "2000", "+5"}, {"1048588", "2KiB", "2000"}},
      {"compression.type", {"producer", "zstd", " lz4 "}, {"producer", "zstd", "lz4", " gzip"}},
      {"min.insync.replicas", {"1"}, {"1", " 1", "+1"}},
      {"min.cleanable.dirty.ratio", {"0.5", ".5", "1", "1e-4"}, {"0.5", "0.50", "1", "1.0", "0.0001", ".25"}},
      {"preallocate", {"false", "TRUE"}, {"true", "FALSE", " true "}},
      {"message.timestamp.type", {"CreateTime", "LogAppendTime"}, {"CreateTime", "LogAppendTime"}},
      {"min.compaction.lag.ms", {"0", "60000"}, {"0", "1m", "60000", "2h"}},
      {"max.compaction.lag.ms", {"9223372036854775807", "86400000"}, {"1d", "86400000", "2d"}},
      {"delete.retention.ms", {"86400000", "0"}, {"1d", "0", "86400000"}},
      {"compression.gzip.level", {"-1", "9"}, {"-1", "9", "1"}},
      {"unclean.leader.election.enable", {"false", "true"}, {"False", "true"}},
      {"flush.ms", {"9223372036854775807", "1000"}, {"1s", "1000", "9223372036854775807"}},
      {"leader.replication.throttled.replicas", {"", "0:1 , 1:1"}, {"0:1,1:1", "*"}},
  };
  return all;
}

constexpr std::pair<const char*, const char*> kWrong[] = {
    {"retention.ms", "abc"},      {"retention.ms", "-2"},         {"retention.mss", "5"},
    {"cleanup.policy", "bogus"},  {"segment.bytes", "1"},         {"compression.type", "none"},
    {"foo.bar", "1"},             {"min.insync.replicas", "3"},   {"remote.storage.enable", "true"},
    {"segment.ms", "10 parsecs"}, {"compression.gzip.level", "0"}, {"max.compaction.lag.ms", "1"},
};

class Maker {
 public:
  Maker(std::uint64_t seed, const PairOptions& options) : dice_(seed), options_(options) {
    pair_.seed = seed;
    pair_.batch.env = domain::EnvironmentName{"dev"};
    pair_.batch.change_id = domain::ChangeId{options.prefix + "change"};
  }

  Pair make() {
    const std::size_t topics = 1 + dice_.below(options_.most_topics);
    for (std::size_t i = 0; i < topics; ++i) {
      const std::string name = options_.prefix + std::to_string(i) + (dice_.one_in(4) ? ".x" : "");
      const bool exists = dice_.below(3) > 0;
      if (exists) pair_.there.push_back(stored_topic(name));
      if (!dice_.one_in(6)) pair_.batch.items.push_back(item(name, exists ? &pair_.there.back() : nullptr));
    }
    if (pair_.batch.items.empty()) pair_.batch.items.push_back(item(options_.prefix + "last", nullptr));
    if (wrong() && pair_.batch.items.back().name.view().ends_with(".x")) add_collision();
    return std::move(pair_);
  }

 private:
  bool wrong() { return dice_.one_in(options_.one_wrong_in); }

  std::int32_t factor() { return static_cast<std::int32_t>(1 + dice_.below(static_cast<std::size_t>(options_.brokers))); }

  domain::CreateProbe stored_topic(const std::string& name) {
    domain::CreateProbe topic{domain::TopicName{name}, static_cast<std::int32_t>(1 + dice_.below(4)), factor(), {}};
    for (std::size_t i = dice_.below(5); i > 0; --i) {
      const Values& values = dice_.any_of(sensible_values());
      topic.configs[values.key] = dice_.any_of(values.stored);
    }
    return topic;
  }

  domain::ItemAction action(bool exists) {
    if (dice_.one_in(5)) return domain::ItemAction::kDelete;
    if (dice_.below(4) > 0) return domain::ItemAction::kUpsert;
    return exists != wrong() ? domain::ItemAction::kUpdate : domain::ItemAction::kCreate;
  }

  domain::TopicItem item(const std::string& name, const domain::CreateProbe* there) {
    domain::TopicItem made;
    made.name = domain::TopicName{wrong() ? name + " no" : name};
    made.action = action(there != nullptr);
    made.reason = "because";
    if (made.action == domain::ItemAction::kDelete) return made;
    if (dice_.below(2) == 0) made.partitions = partitions(there);
    if (dice_.below(3) == 0) made.replication_factor = replication(there);
    for (std::size_t i = dice_.below(6); i > 0; --i) add_config(made, there);
    return made;
  }

  std::int32_t partitions(const domain::CreateProbe* there) {
    const std::int32_t least = there == nullptr ? 1 : there->partitions;
    if (wrong()) return there == nullptr ? 20'000 : there->partitions - 1;
    return least + static_cast<std::int32_t>(dice_.below(3));
  }

  std::int32_t replication(const domain::CreateProbe* there) {
    if (wrong()) return options_.brokers + 1;
    if (there != nullptr && !options_.changes_replication) return there->replication_factor;
    return factor();
  }

  // Keys that the topic has of its own come more often than chance would have it: to change a value, to
  // ask for what is there already, to take it away.
  void add_config(domain::TopicItem& made, const domain::CreateProbe* there) {
    if (wrong()) {
      const auto& [key, value] = dice_.any_of(kWrong);
      made.configs[key] = value;
      return;
    }
    const Values* values = &dice_.any_of(sensible_values());
    if (there != nullptr && !there->configs.empty() && dice_.below(2) == 0) values = values_of(own_key(*there));
    made.configs[values->key] =
        dice_.one_in(4) ? std::nullopt : std::optional<std::string>(dice_.any_of(values->asked));
  }

  std::string own_key(const domain::CreateProbe& there) {
    auto own = there.configs.begin();
    std::advance(own, static_cast<std::ptrdiff_t>(dice_.below(there.configs.size())));
    return own->first;
  }

  static const Values* values_of(const std::string& key) {
    for (const Values& values : sensible_values()) {
      if (key == values.key) return &values;
    }
    return &sensible_values().front();
  }

  void add_collision() {
    std::string other = pair_.batch.items.back().name.str();
    other[other.size() - 2] = '_';
    pair_.batch.items.push_back(item(other, nullptr));
  }

  Dice dice_;
  const PairOptions& options_;
  Pair pair_;
};

}  // namespace

Pair any_pair(std::uint64_t seed, const PairOptions& options) { return Maker(seed, options).make(); }

namespace {

// Every pair with one thing less.
std::vector<Pair> smaller(const Pair& pair) {
  std::vector<Pair> all;
  const auto without = [&](const auto& edit) { edit(all.emplace_back(pair)); };
  for (std::size_t i = 0; i < pair.batch.items.size() && pair.batch.items.size() > 1; ++i) {
    without([&](Pair& less) { less.batch.items.erase(less.batch.items.begin() + static_cast<std::ptrdiff_t>(i)); });
  }
  for (std::size_t i = 0; i < pair.there.size(); ++i) {
    without([&](Pair& less) { less.there.erase(less.there.begin() + static_cast<std::ptrdiff_t>(i)); });
    for (const auto& [key, value] : pair.there[i].configs) {
      without([&, k = key](Pair& less) { less.there[i].configs.erase(k); });
    }
  }
  for (std::size_t i = 0; i < pair.batch.items.size(); ++i) {
    without([&](Pair& less) { less.batch.items[i].partitions.reset(); });
    without([&](Pair& less) { less.batch.items[i].replication_factor.reset(); });
    for (const auto& [key, value] : pair.batch.items[i].configs) {
      without([&, k = key](Pair& less) { less.batch.items[i].configs.erase(k); });
    }
  }
  std::erase_if(all, [&](const Pair& less) { return describe(less) == describe(pair); });
  return all;
}

}  // namespace

Pair smallest(Pair pair, const std::function<bool(const Pair&)>& fails) {
  for (bool shrank = true; shrank;) {
    shrank = false;
    for (Pair& less : smaller(pair)) {
      if (!fails(less)) continue;
      pair = std::move(less);
      shrank = true;
      break;
    }
  }
  return pair;
}

std::vector<domain::TopicName> names_in(const Pair& pair) {
  std::vector<domain::TopicName> names;
  for (const auto& topic : pair.there) names.push_back(topic.name);
  for (const auto& item : pair.batch.items) {
    if (std::find(names.begin(), names.end(), item.name) == names.end()) names.push_back(item.name);
  }
  return names;
}

std::string describe(const Pair& pair) {
  std::string text = fmt::format("pair {} (SLUICE_TEST_SEED={} repeats it alone)\nthere:\n", pair.seed, pair.seed);
  for (const auto& topic : pair.there) {
    text += fmt::format("  {} partitions {} factor {}", topic.name.str(), topic.partitions, topic.replication_factor);
    for (const auto& [key, value] : topic.configs) text += fmt::format(" {}='{}'", key, value);
    text += '\n';
  }
  text += "kind: TopicBatch\nenv: dev\nitems:\n";
  for (const auto& item : pair.batch.items) {
    text += fmt::format("  - name: \"{}\"\n    action: {}\n", item.name.str(), domain::to_string(item.action));
    if (item.action == domain::ItemAction::kDelete) continue;
    text += "    config:\n";
    if (item.partitions) text += fmt::format("      partitions: {}\n", *item.partitions);
    if (item.replication_factor) text += fmt::format("      replicationFactor: {}\n", *item.replication_factor);
    for (const auto& [key, value] : item.configs) {
      text += value ? fmt::format("      {}: \"{}\"\n", key, *value) : fmt::format("      {}: null\n", key);
    }
  }
  return text;
}

std::uint64_t test_seed() {
  const char* given = std::getenv("SLUICE_TEST_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

}  // namespace sluice::test
