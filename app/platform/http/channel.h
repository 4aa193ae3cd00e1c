// The server's side of a Responder: what a server, or a test that calls a handler, implements.
// Both calls come at most once, from any thread.
#pragma once

#include <memory>

#include "platform/http/message.h"

namespace sluice::http {

class Responder::Channel {
 public:
  virtual ~Channel() = default;
  virtual void complete(Response response) = 0;
  virtual std::unique_ptr<Stream> open_stream(Response head) = 0;
  // The responder was dropped without an answer.
  virtual void abandon() = 0;
};

// For tests of handlers: runs `handler` and gives back what it sent (500 when it dropped the
// responder). Waits for an answer from another thread until `deadline`, then gives 503.
Response call(const Handler& handler, Request request, Deadline deadline);

}  // namespace sluice::http
