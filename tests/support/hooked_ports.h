// The ports of an apply with something of the test's own before and after each call to them: the
// points at which a crash test kills, and a stale test changes things behind our back.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "governance/application/apply/execution_journal.h"
#include "governance/domain/repository/topic_cluster.h"
#include "governance/domain/repository/topic_writer.h"

namespace sluice::test {

// "before read", "after create", "before journal.intend", …
using Hook = std::function<void(const std::string& point)>;

// Runs `call` between the two points.
template <typename F>
auto between(const Hook& hook, const std::string& name, F call) {
  hook("before " + name);
  auto result = call();
  hook("after " + name);
  return result;
}

class HookedCluster final : public governance::domain::TopicCluster {
 public:
  HookedCluster(governance::domain::TopicCluster& inner, Hook hook) : inner_(inner), hook_(std::move(hook)) {}

  Result<std::string> cluster_id(Deadline deadline) override {
    return between(hook_, "cluster_id", [&] { return inner_.cluster_id(deadline); });
  }
  Result<std::vector<governance::domain::TopicName>> list(Deadline deadline) override {
    return between(hook_, "list", [&] { return inner_.list(deadline); });
  }
  Result<governance::domain::ReplicaLayout> layout_of(std::span<const governance::domain::TopicName> names,
                                                      Deadline deadline) override {
    return between(hook_, "layout_of", [&] { return inner_.layout_of(names, deadline); });
  }
  Result<governance::domain::ClusterState> read(std::span<const governance::domain::TopicName> names,
                                                Deadline deadline) override {
    return between(hook_, "read", [&] { return inner_.read(names, deadline); });
  }
  Result<std::map<governance::domain::TopicName, std::vector<governance::domain::GroupUse>>> groups_of(
      std::span<const governance::domain::TopicName> names, Deadline deadline) override {
    return between(hook_, "groups_of", [&] { return inner_.groups_of(names, deadline); });
  }
  Result<std::map<governance::domain::TopicName, std::int64_t>> records_of(
      std::span<const governance::domain::TopicName> names, Deadline deadline) override {
    return between(hook_, "records_of", [&] { return inner_.records_of(names, deadline); });
  }
  Result<std::vector<governance::domain::BrokerVerdict>> validate(const governance::domain::Probes& probes,
                                                                  Deadline deadline) override {
    return between(hook_, "validate", [&] { return inner_.validate(probes, deadline); });
  }
  Result<bool> await_existence(std::span<const std::pair<governance::domain::TopicName, bool>> expected,
                               Deadline deadline) override {
    return between(hook_, "await_existence", [&] { return inner_.await_existence(expected, deadline); });
  }
  Result<std::map<governance::domain::TopicName, governance::domain::TopicDetails>> describe(
      std::span<const governance::domain::TopicName> names, Deadline deadline) override {
    return between(hook_, "describe", [&] { return inner_.describe(names, deadline); });
  }

 private:
  governance::domain::TopicCluster& inner_;
  Hook hook_;
};

class HookedWriter final : public governance::domain::TopicWriter {
 public:
  // Told of every item of every mutating call, just before it is sent; of a move "<topic>/<partition>".
  using OnSend = std::function<void(const std::string& call, const std::string& topic)>;

  HookedWriter(governance::domain::TopicWriter& inner, Hook hook, OnSend on_send)
      : inner_(inner), hook_(std::move(hook)), on_send_(std::move(on_send)) {}

  std::vector<governance::domain::CallResult> create(std::span<const governance::domain::CreateProbe> topics,
                                                     Deadline deadline) override {
    return send("create", topics, [&] { return inner_.create(topics, deadline); });
  }
  std::vector<governance::domain::CallResult> grow(std::span<const governance::domain::PartitionsProbe> topics,
                                                   Deadline deadline) override {
    return send("grow", topics, [&] { return inner_.grow(topics, deadline); });
  }
  std::vector<governance::domain::CallResult> alter(std::span<const governance::domain::ConfigProbe> topics,
                                                    Deadline deadline) override {
    return send("alter", topics, [&] { return inner_.alter(topics, deadline); });
  }
  std::vector<governance::domain::CallResult> remove(std::span<const governance::domain::TopicName> topics,
                                                     Deadline deadline) override {
    return send("remove", topics, [&] { return inner_.remove(topics, deadline); });
  }
  std::vector<governance::domain::CallResult> reassign(std::span<const governance::domain::ReplicaMove> moves,
                                                       std::int64_t throttle, Deadline deadline) override {
    return send("reassign", moves, [&] { return inner_.reassign(moves, throttle, deadline); });
  }
  Result<governance::domain::MoveProgress> moves_of(std::span<const governance::domain::TopicName> topics,
                                                    std::int64_t throttle, Deadline deadline) override {
    return between(hook_, "moves_of", [&] { return inner_.moves_of(topics, throttle, deadline); });
  }
  [[nodiscard]] std::uint64_t mutating_requests() const override { return inner_.mutating_requests(); }

 private:
  static std::string name_of(const governance::domain::TopicName& topic) { return topic.str(); }
  static std::string name_of(const governance::domain::ReplicaMove& move) {
    return move.topic.str() + "/" + std::to_string(move.partition);
  }
  template <typename Probe>
  static std::string name_of(const Probe& probe) {
    return probe.name.str();
  }
  template <typename Items, typename F>
  std::vector<governance::domain::CallResult> send(const std::string& call, const Items& items, F real) {
    return between(hook_, call, [&] {
      for (const auto& item : items) on_send_(call, name_of(item));
      return real();
    });
  }

  governance::domain::TopicWriter& inner_;
  Hook hook_;
  OnSend on_send_;
};

class HookedJournal final : public governance::application::ExecutionJournal {
 public:
  using Lease = governance::application::Lease;
  using Items = std::span<const governance::application::RecordedItem>;

  HookedJournal(governance::application::ExecutionJournal& inner, Hook hook)
      : inner_(inner), hook_(std::move(hook)) {}

  Result<std::optional<governance::domain::Execution>> find(const std::string& approval, Deadline deadline) override {
    return between(hook_, "journal.find", [&] { return inner_.find(approval, deadline); });
  }
  Result<Lease> open(const governance::application::NewExecution& execution, const audit::contract::Entry& entry,
                     Deadline deadline) override {
    return between(hook_, "journal.open", [&] { return inner_.open(execution, entry, deadline); });
  }
  Result<Lease> reopen(const governance::domain::Execution& execution, const audit::contract::Entry& entry,
                       Deadline deadline) override {
    return between(hook_, "journal.reopen", [&] { return inner_.reopen(execution, entry, deadline); });
  }
  Status renew(Lease& lease, Deadline deadline) override {
    return between(hook_, "journal.renew", [&] { return inner_.renew(lease, deadline); });
  }
  Status intend(Lease& lease, Items items, Deadline deadline) override {
    return between(hook_, "journal.intend", [&] { return inner_.intend(lease, items, deadline); });
  }
  Status record(Lease& lease, TimePoint at, Items items, std::span<const audit::contract::Entry> entries,
                Deadline deadline) override {
    return between(hook_, "journal.record", [&] { return inner_.record(lease, at, items, entries, deadline); });
  }
  Status finish(const Lease& lease, const governance::application::Ending& ending, Deadline deadline) override {
    return between(hook_, "journal.finish", [&] { return inner_.finish(lease, ending, deadline); });
  }
  Status release(const Lease& lease, Deadline deadline) override {
    return between(hook_, "journal.release", [&] { return inner_.release(lease, deadline); });
  }

 private:
  governance::application::ExecutionJournal& inner_;
  Hook hook_;
};

}  // namespace sluice::test
