// What a dry-run and a look at drift ask of the brokers, and what an apply of creates sends, written straight
// on librdkafka, and nothing besides: the answers are looked through for failures and dropped.
#pragma once

#include <memory>
#include <string>

#include "workload.h"

namespace sluice::bench {

class BareRequests {
 public:
  // One client for all rounds, as the server has.
  explicit BareRequests(const std::string& bootstrap_servers);
  ~BareRequests();
  BareRequests(const BareRequests&) = delete;
  BareRequests& operator=(const BareRequests&) = delete;

  // One round; ends the process when any answer is not the expected one. Returns its requests.
  int run(const Workload& workload);
  // Creates the workload's creates, half of them at a time: looks, creates, waits until every one of them can be
  // seen, and reads its configs.
  void create_for_real(const Workload& workload);
  // The same for reading topics that exist, 500 at a time, as a look at drift does.
  int describe(const std::vector<std::string>& names);

 private:
  struct Client;
  std::unique_ptr<Client> client_;
};

}  // namespace sluice::bench
