// What the server said was wrong, what kind of thing it is, and the Error that callers see.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platform/core/error.h"

namespace sluice::postgres {

struct ServerError {
  std::string sqlstate;    // "23505"
  std::string message;     // the primary message
  std::string detail;      // may quote row values: never log it
  std::string context;     // COPY names the line here
  std::string constraint;  // empty where none is concerned
  std::string table;
  std::string column;
};

// Whose fault it is, which decides what a consumer of records does about it.
enum class FailureClass : std::uint8_t {
  kRetryable,    // run the transaction again: serialization failure, deadlock
  kEnvironment,  // the database, the schema, the network: pause and probe
  kData,         // the values; a record is to blame only if it fails alone, too
};

std::string_view to_string(FailureClass failure);
FailureClass classify(const ServerError& error);
// Text: the message, the constraint and the SQLSTATE, never the detail.
Error to_error(const ServerError& error);

}  // namespace sluice::postgres
