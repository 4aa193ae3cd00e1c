// The body of a request to a streamed route (Route::body), pulled by its handler piece by piece. Nothing
// is read from the client but what one bounded buffer holds until the handler asks: a client that sends
// faster than the handler takes finds its socket full.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "platform/core/result.h"

namespace sluice::http {

class BodyStream {
 public:
  // A piece of the body, never an empty one; nullopt at its end; or why the rest will not come:
  // the body is malformed, larger than the route's limit or late (the server has then answered 400, 413
  // or 408 for itself and ignores what the handler sends), the client has gone, or the request has
  // been answered.
  using OnChunk = std::function<void(Result<std::optional<std::string>>)>;

  virtual ~BodyStream() = default;

  // Asks for the next piece, from any thread; never blocks. `on_chunk` is called exactly once: on the
  // I/O thread, where it must not block and may ask again; or at once on the calling thread when the
  // body has ended or failed before, with the same outcome every time. One read at a time: asking again
  // before the call has come is a defect of the handler and stops the process.
  //
  // ServerOptions::body_deadline holds for each piece asked for. The request's deadline begins anew with
  // each piece given: by then the handler asks for the next or answers. An answer that starts before the
  // end has been read closes the connection behind itself.
  virtual void read(OnChunk on_chunk) = 0;
};

}  // namespace sluice::http
